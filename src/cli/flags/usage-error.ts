/** Arguments that do not fit the flags. The message is Go's `flag` package's, which scripts match. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}
