/** INI has a section that is not written: upstream starts every file with an empty `DEFAULT`, and a written one is a second. */
import type { Format } from '../formats/format.ts';
import { DEFAULT_SECTION } from '../formats/ini/ini-reader.ts';
import type { Entry, Tree } from '../tree/node.ts';

/** Takes the empty section out of what becomes YAML, which cannot hold a key twice. Upstream writes YAML that nobody can read. */
export function dropImplicitSection({ documents: [document] }: Tree, from: Format, to: Format): void {
  if (!document || from.name !== 'ini' || to.name !== 'yaml') return;
  const sections = document.items.filter(
    (item): item is Entry => item.kind === 'entry' && item.key === DEFAULT_SECTION,
  );
  const [first, second] = sections;
  if (!second || first?.value.kind !== 'map' || first.value.items.length > 0) return;
  document.items = document.items.filter((item) => item !== first);
}
