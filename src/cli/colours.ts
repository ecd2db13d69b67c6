import { Chalk } from 'chalk';
import type { RecoveryWords } from '../core/keys/recovery-error.ts';
import type { ChangeLine } from './group-changes.ts';
import type { LineStyle, LogLevel } from './log-line.ts';

// The caller has looked at the terminal and NO_COLOR; this is loaded only where colours are wanted.
const chalk = new Chalk({ level: 1 });

/** The colours of log lines. */
export function colourStyle(): LineStyle {
  const paint: Readonly<Record<LogLevel, (text: string) => string>> = {
    debug: chalk.white,
    info: chalk.cyan,
    warning: chalk.yellow,
    error: chalk.red,
    fatal: chalk.red,
  };
  return { bold: chalk.bold, level: (level, text) => paint[level](text) };
}

/** A line about changed keys in its colour. */
export function paintChange({ kind, text }: ChangeLine): string {
  if (kind === 'file') return chalk.bold(text);
  if (kind === 'heading') return chalk.underline(text);
  if (kind === 'added') return chalk.green(text);
  return kind === 'removed' ? chalk.red(text) : text;
}

/** The words of a failed recovery in their colours. */
export function recoveryWords(): RecoveryWords {
  return { success: chalk.green('SUCCESS'), failed: chalk.red('FAILED') };
}
