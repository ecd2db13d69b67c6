export { compileRegex } from '../tree/regex.ts';
export type { Regex } from '../tree/regex.ts';
