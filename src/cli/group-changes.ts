/** What changing the key groups of a file means, for the user to see. Upstream: `cmd/sops/common/common.go`. */
import { keyText } from '../core/keys/key-types.ts';
import type { KeyGroup } from '../core/keys/master-key.ts';

/** One line, with its meaning for colours. */
export interface ChangeLine {
  readonly kind: 'file' | 'heading' | 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Whether any group gains or loses a key. Groups are compared by position, keys by their text; order alone is no change. */
export function haveKeysChanged(before: readonly KeyGroup[], after: readonly KeyGroup[]): boolean {
  return groupChanges(before, after).some((line) => line.kind === 'added' || line.kind === 'removed');
}

/** For each group the keys that stay, in their new order, then the added and the removed ones. */
export function groupChanges(before: readonly KeyGroup[], after: readonly KeyGroup[]): ChangeLine[] {
  const lines: ChangeLine[] = [];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const old = (before[index] ?? []).map(keyText);
    const next = (after[index] ?? []).map(keyText);
    const known = new Set(old);
    const kept = new Set(next);
    lines.push({ kind: 'heading', text: `Group ${index + 1}` });
    for (const key of next) if (known.has(key)) lines.push({ kind: 'same', text: `    ${key}` });
    for (const key of next) if (!known.has(key)) lines.push({ kind: 'added', text: `+++ ${key}` });
    for (const key of old) if (!kept.has(key)) lines.push({ kind: 'removed', text: `--- ${key}` });
  }
  return lines;
}

/** The threshold: as it stays, or its new and its old value. */
export function thresholdChanges(before: number, after: number): ChangeLine[] {
  const line = (kind: ChangeLine['kind'], sign: string, value: number): ChangeLine[] =>
    value > 0 ? [{ kind, text: `${sign}shamir_threshold: ${value}` }] : [];
  if (before === after) return line('same', '', after);
  return [...line('added', '+++ ', after), ...line('removed', '--- ', before)];
}
