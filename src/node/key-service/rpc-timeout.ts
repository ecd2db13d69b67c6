import { RpcError } from './rpc-error.ts';

/** Milliseconds. Source: grpc/doc/PROTOCOL-HTTP2.md. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['H', 3_600_000],
  ['M', 60_000],
  ['S', 1000],
  ['m', 1],
  ['u', 1e-3],
  ['n', 1e-6],
]);

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

/** The milliseconds of a `grpc-timeout` header, rounded up; undefined without one. @throws RpcError when it is malformed */
export function parseTimeout(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, digits = '', letter = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  const unit = UNITS.get(letter);
  if (unit === undefined) throw new RpcError('Internal', 'malformed grpc-timeout');
  return Math.min(Math.ceil(Number(digits) * unit), LONGEST);
}
