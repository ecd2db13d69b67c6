/** Log lines as upstream's logger writes them. Upstream: `logging/logging.go` on sirupsen/logrus. */
import { quoted } from '../core/keys/quoted.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal';

export interface LogEntry {
  /** The logger's name, such as `CMD`. */
  readonly logger: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What colours a text; the plain one gives it back as it is. */
export interface LineStyle {
  bold(text: string): string;
  level(level: LogLevel, text: string): string;
}

export const PLAIN_STYLE: LineStyle = { bold: (text) => text, level: (_level, text) => text };

/** A log line for a file or a pipe: `[CMD]<tab> time="..." level=warning msg="..." key=value`, without the newline. */
export function formatLogLine(entry: LogEntry, now: Date): string {
  const pairs = [`time=${quoted(formatLocalTime(now))}`, `level=${entry.level}`, `msg=${quoteValue(entry.message)}`];
  for (const [key, value] of sortedFields(entry)) pairs.push(`${key}=${quoteValue(value)}`);
  return `[${entry.logger}]\t ${pairs.join(' ')}`;
}

/** A log line for a terminal: level in four letters, seconds since the start, message padded to 44 columns. */
export function formatTerminalLogLine(entry: LogEntry, seconds: number, style: LineStyle): string {
  const level = style.level(entry.level, entry.level.slice(0, 4).toUpperCase());
  const fields = sortedFields(entry).map(([key, value]) => ` ${style.level(entry.level, key)}=${quoteValue(value)}`);
  const elapsed = String(Math.floor(seconds)).padStart(4, '0');
  return `${style.bold(`[${entry.logger}]`)}\t ${level}[${elapsed}] ${entry.message.padEnd(44)} ${fields.join('')}`;
}

/** A line of Go's standard logger: local date and time, then the text. */
export function formatStandardLogLine(text: string, now: Date): string {
  const date = [now.getFullYear(), pad(now.getMonth() + 1), pad(now.getDate())].join('/');
  return `${date} ${clock(now)} ${text}`;
}

/** A point in time in RFC 3339 with the local offset, without fractions of a second. */
export function formatLocalTime(now: Date): string {
  const date = [now.getFullYear(), pad(now.getMonth() + 1), pad(now.getDate())].join('-');
  const minutes = -now.getTimezoneOffset();
  if (minutes === 0) return `${date}T${clock(now)}Z`;
  const size = Math.abs(minutes);
  return `${date}T${clock(now)}${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function clock(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()].map(pad).join(':');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

function sortedFields(entry: LogEntry): [string, string][] {
  return Object.entries(entry.fields ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function quoteValue(value: string): string {
  return /^[A-Za-z0-9\-._/@^+]*$/.test(value) ? value : quoted(value);
}
