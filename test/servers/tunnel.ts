import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Passes bytes both ways until either side ends; an end in the middle of a message is not the tunnel's fault. */
export async function tunnel(near: Duplex, far: Duplex): Promise<void> {
  await Promise.allSettled([pipeline(near, far), pipeline(far, near)]);
}
