import { goReason, systemCode } from './go-errors.ts';

/** Go's words for what only connections fail with. Upstream: Go's `syscall` and `net`. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EAFNOSUPPORT: 'address family not supported by protocol',
  ECONNABORTED: 'software caused connection abort',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  EPROTOTYPE: 'protocol wrong type for socket',
};

/** Why a connection or a listener failed, in Go's words where the operating system said so. */
export function networkReason(error: unknown): string {
  const code = systemCode(error);
  return (code === undefined ? undefined : REASONS[code]) ?? goReason(error);
}
