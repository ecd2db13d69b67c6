import { describe, expect, it } from 'vitest';
import { formatLogLine, formatTerminalLogLine, PLAIN_STYLE } from '../../src/cli/log-line.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

/** The line with its time cut out: that depends on the machine's time zone. */
function line(message: string, fields?: Record<string, string>): string {
  const text = formatLogLine({ logger: 'CMD', level: 'warning', message, fields }, NOW);
  return text.replace(/time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)"/, 'time');
}

describe('a log line', () => {
  it('quotes a message as Go does unless it has only letters, digits and - . _ / @ ^ +', () => {
    expect(line('a b')).toBe('[CMD]\t time level=warning msg="a b"');
    expect(line('a-b_c/d.e@f^g+1')).toBe('[CMD]\t time level=warning msg=a-b_c/d.e@f^g+1');
    expect(line('say "x"\t\u0001\u00e9\u200b')).toBe('[CMD]\t time level=warning msg="say \\"x\\"\\t\\x01é\\u200b"');
  });

  it('has its fields in alphabetical order', () => {
    expect(line('m', { uri: '%zz', error: 'e' })).toBe('[CMD]\t time level=warning msg=m error=e uri="%zz"');
  });

  it('for a terminal has a short level, the seconds, and the message padded to 44 columns', () => {
    const entry = { logger: 'CMD', level: 'warning', message: 'watch out', fields: { uri: 'x' } } as const;
    expect(formatTerminalLogLine(entry, 3.9, PLAIN_STYLE)).toBe(`[CMD]\t WARN[0003] ${'watch out'.padEnd(44)}  uri=x`);
  });
});
