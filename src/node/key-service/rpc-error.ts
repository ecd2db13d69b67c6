import { SopsError } from '../../core/errors.ts';

/** The names of gRPC's status codes, in order. Source: `google.golang.org/grpc/codes`. */
const CODE_NAMES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

export type RpcCodeName = (typeof CODE_NAMES)[number];

/** What a call to a key service ended with. The message is what Go's gRPC client prints, which scripts match. */
export class RpcError extends SopsError {
  override readonly name: string = 'RpcError';
  /** The number on the wire. */
  readonly status: number;
  /** What the other side said. */
  readonly description: string;

  constructor(status: number | RpcCodeName, description: string, options: { cause?: unknown } = {}) {
    const number = typeof status === 'string' ? CODE_NAMES.indexOf(status) : status;
    super('generic', `rpc error: code = ${CODE_NAMES[number] ?? `Code(${number})`} desc = ${description}`, options);
    this.status = number;
    this.description = description;
  }
}
