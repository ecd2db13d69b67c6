import { Chalk } from 'chalk';
import type { LineStyle, LogLevel } from './log-line.ts';

/** The colours of log lines. Loaded only where colours are wanted: the caller has looked at the terminal and NO_COLOR. */
export function colourStyle(): LineStyle {
  const chalk = new Chalk({ level: 1 });
  const paint: Readonly<Record<LogLevel, (text: string) => string>> = {
    debug: chalk.white,
    info: chalk.cyan,
    warning: chalk.yellow,
    error: chalk.red,
    fatal: chalk.red,
  };
  return { bold: chalk.bold, level: (level, text) => paint[level](text) };
}
