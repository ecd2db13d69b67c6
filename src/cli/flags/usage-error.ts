/** Arguments that do not fit the flags. The message is Go's `flag` package's, which scripts match. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  /** Without its dashes. */
  readonly unknownFlag: string | undefined;

  /** @param unknownFlag - the flag that is not defined, if that is what is wrong */
  constructor(message: string, unknownFlag?: string) {
    super(message);
    this.unknownFlag = unknownFlag;
  }
}
