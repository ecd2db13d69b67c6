/** A URI as Go's `net/url` reads it: what it refuses, and which parts it gives. */

export interface Uri {
  /** Lower case; empty when there is none. */
  readonly scheme: string;
  /** `host:port`, without user information. */
  readonly host: string;
  /** What follows the scheme where no slash does. */
  readonly opaque: string;
  readonly path: string;
}

/** Splits a URI. Undefined where Go's parser gives an error. */
export function parseUri(text: string): Uri | undefined {
  if (/[\x00-\x1f\x7f]/.test(text)) return undefined;
  const [, beforeFragment = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(text) ?? [];
  if (unescapeText(fragment) === undefined || beforeFragment.startsWith(':')) return undefined;
  const [, schemeText = '', afterScheme = beforeFragment] =
    /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(beforeFragment) ?? [];
  const scheme = schemeText.toLowerCase();
  const rest = afterScheme.replace(/\?.*$/s, '');
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme, host: '', opaque: rest, path: '' };
    if (/^[^/]*:/.test(rest)) return undefined;
  }
  const isAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const [, authority = '', rawPath = ''] = isAuthority ? (/^\/\/([^/]*)(.*)$/s.exec(rest) ?? []) : ['', '', rest];
  const host = hostOf(authority);
  const path = unescapeText(rawPath);
  return host === undefined || path === undefined ? undefined : { scheme, host, opaque: '', path };
}

function hostOf(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || unescapeText(user) === undefined) return undefined;
  const host = authority.slice(at + 1);
  const port = host.startsWith('[') ? /^\[[^\]]*\](.*)$/s.exec(host)?.[1] : (/:[^:]*$/.exec(host)?.[0] ?? '');
  if (port === undefined || !/^(?::\d*)?$/.test(port)) return undefined;
  // Only bytes beyond ASCII, and the percent sign of an IPv6 zone, may be escaped in a host.
  if (/%(?!25|[89A-Fa-f][0-9A-Fa-f])/.test(host)) return undefined;
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u.test(host)) return undefined;
  return unescapeText(host);
}

/** Undefined for a percent sign that starts no escape. */
function unescapeText(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const escape = /(?:%[0-9A-Fa-f]{2})+/g;
  return text.replace(escape, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}
