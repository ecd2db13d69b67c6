/** Where a key service is. Upstream: `cmd/sops/main.go` `keyservices`. */
import { parseUri } from './uri.ts';

/** What a URI names; nothing is looked up yet. */
export type Target =
  | { readonly kind: 'unix'; readonly path: string; readonly authority: string }
  | { readonly kind: 'host'; readonly network: string; readonly host: string };

/**
 * Reads the URI of a key service: `unix:///path`, `unix:path` or `tcp://host:port`; undefined when it cannot be parsed. What is
 * wrong with one that can be shows when it is used.
 */
export function parseTarget(text: string): Target | undefined {
  const uri = parseUri(text);
  if (uri === undefined) return undefined;
  if (uri.scheme === 'unix') return { kind: 'unix', path: uri.path || uri.opaque, authority: uri.host };
  return { kind: 'host', network: uri.scheme, host: uri.host };
}

/** The address that log lines have. */
export function targetText(target: Target): string {
  return target.kind === 'unix' ? `unix://${target.path}` : `${target.network}://${target.host}`;
}
