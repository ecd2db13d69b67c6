/** The release that wrote a file. Upstream: `version/version.go` with blang/semver. */
import { SopsError } from '../errors.ts';

/** A release number taken apart; a pre-release sorts before its release. */
interface Version {
  numbers: readonly [number, number, number];
  preRelease: readonly string[];
}

/**
 * Refuses what is no version. An absent one is fine (D23): nothing that is read depends on it.
 *
 * @throws SopsError `invalid-version`
 */
export function checkVersion(text: string): void {
  if (text !== '') parseVersion(text);
}

/** Whether `text` is a release before `other`. @throws SopsError `invalid-version` */
export function isOlder(text: string, other: string): boolean {
  if (text === '' || text.startsWith('1.')) return true;
  const a = parseVersion(text);
  const b = parseVersion(other);
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a.preRelease.length > 0 && b.preRelease.length === 0;
}

function parseVersion(text: string): Version {
  if (text.startsWith('1.')) return { numbers: [1, 0, 0], preRelease: [] };
  const [core = '', ...rest] = text.replace(/^v/, '').split(/[-+]/);
  const parts = core.split('.');
  if (parts.length !== 3) throw new SopsError('invalid-version', 'No Major.Minor.Patch elements found');
  const [major = 0, minor = 0, patch = 0] = parts.map((part) => {
    if (!/^(?:0|[1-9]\d*)$/.test(part)) {
      throw new SopsError('invalid-version', `Invalid character(s) found in version number "${part}"`);
    }
    return Number(part);
  });
  const hasPreRelease = /^v?[\d.]+-/.test(text);
  return { numbers: [major, minor, patch], preRelease: hasPreRelease ? rest.slice(0, 1) : [] };
}
