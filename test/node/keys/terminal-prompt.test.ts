import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryHost } from '../../cli/memory-host.ts';
import { describeUnless } from '../../interop/programs.ts';
import type { TerminalResult } from '../../interop/terminal.ts';
import { noTerminal, runOnTerminal } from '../../interop/terminal.ts';

const prompt = 'Question: ';
/** What takes the prompt away. */
const end = '\r\r\n\u001b[F\u001b[K';

describeUnless(noTerminal, 'a question on the terminal', () => {
  let program = '';

  beforeAll(async () => {
    const source = `
      import { promptOnTerminal } from './src/node/keys/terminal-prompt.ts';
      promptOnTerminal('Question:', process.argv[2], process.platform).then(
        (answer) => console.log(JSON.stringify(answer)),
        (error) => console.log('failed: ' + error.message),
      );`;
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    program = outputFiles[0]?.text ?? '';
  });

  function ask(mode: string, keys: string, standardInput = ''): Promise<TerminalResult> {
    const host = new MemoryHost({ env: { PATH: process.env.PATH ?? '' }, files: { 'ask.mjs': program } });
    const command = `exec '${process.execPath}' ask.mjs ${mode} ${standardInput}`;
    return runOnTerminal(host, ['sh', '-c', command], [{ to: prompt, keys }]);
  }

  describe('gives what was typed, and shows it only in the mode for that', () => {
    test.each([
      ['secret', 'open sesame\r', 'open sesame', ''],
      ['secret', '\r', '', ''],
      ['secret', 'ends with a line feed\n', 'ends with a line feed', ''],
      ['secret', 'Grüße, 世界 🔑\r', 'Grüße, 世界 🔑', ''],
      ['secret', 'opem\u007fn 🔑\b!\r', 'open !', ''],
      ['secret', '\u007f\u007fa\r', 'a', ''],
      ['secret', 'mistake\u0015right\r', 'right', ''],
      ['secret', 'a\u0004b\r', 'ab', ''],
      ['line', 'ann\r', 'ann', 'ann'],
      ['line', 'ab\u007fc\r', 'ac', 'ab\b \bc'],
      ['line', 'ab\u0015c\r', 'c', 'ab\b \b\b \bc'],
      ['character', '2', '2', ''],
    ])('%s: %j', async (mode, keys, answer, seen) => {
      expect(await ask(mode, keys)).toEqual({
        status: 0,
        stdout: `${JSON.stringify(answer)}\n`,
        stderr: '',
        shown: prompt + seen + end,
      });
    });
  });

  test('is asked there when standard input is a file', async () => {
    expect(await ask('secret', 'yes\r', '</dev/null')).toEqual({
      status: 0,
      stdout: '"yes"\n',
      stderr: '',
      shown: prompt + end,
    });
  });

  test('fails at the key for the end of input', async () => {
    expect(await ask('secret', '\u0004')).toMatchObject({ status: 0, stdout: 'failed: EOF\n', shown: prompt + end });
  });

  test('ends the program at the key for an interrupt, with the terminal as it was', async () => {
    const interrupted = 128 + 2;
    expect(await ask('secret', 'open\u0003')).toMatchObject({ status: interrupted, stdout: '', shown: prompt + end });
  });
});
