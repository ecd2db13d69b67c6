import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { PROGRAM_VERSION } from '../../src/cli/version.ts';
import { runWith } from './memory-host.ts';

const TIME = /time="[^"]*"/;

function fatal(message: string): string {
  return `[CMD]\t time="T" level=fatal msg=${JSON.stringify(message)}\n`;
}

function withoutTime(text: string): string {
  return text.replace(TIME, 'time="T"');
}

describe('usage errors', () => {
  it('of the program go to stdout with its help, and to stderr as a fatal log line', async () => {
    const help = (await runWith({}, '--help')).stdout;
    for (const [argv, message] of [
      [['-di', 'f'], 'flag provided but not defined: -di'],
      [['---decrypt', 'f'], 'bad flag syntax: ---decrypt'],
      [['--indent'], 'flag needs an argument: -indent'],
      [['-i', '--in-place=false', 'f'], 'Cannot use two forms of the same flag: i in-place'],
    ] as const) {
      const { status, stdout, stderr } = await runWith({}, ...argv);
      expect({ status, stdout, stderr: withoutTime(stderr) }).toEqual({
        status: 1,
        stdout: `Incorrect Usage. ${message}\n\n${help}`,
        stderr: fatal(message),
      });
    }
  });

  it('of a command go there with the help of the command', async () => {
    const help = (await runWith({}, 'keygen', '--help')).stdout;
    const { status, stdout, stderr } = await runWith({}, 'keygen', '--frobnicate');
    expect({ status, stdout, stderr: withoutTime(stderr) }).toEqual({
      status: 1,
      stdout: `Incorrect Usage: flag provided but not defined: -frobnicate\n\n${help}`,
      stderr: fatal('flag provided but not defined: -frobnicate'),
    });
  });

  it('come before --help', async () => {
    expect((await runWith({}, 'keygen', '--help', '--frobnicate')).status).toBe(1);
  });
});

describe('variables of flags', () => {
  it('that are no booleans end every command, even --version', async () => {
    const { status, stdout, stderr } = await runWith({ env: { SOPS_ENABLE_LOCAL_KEYSERVICE: 'zz' } }, '--version');
    expect({ status, stdout, stderr: withoutTime(stderr) }).toEqual({
      status: 1,
      stdout: '',
      stderr: fatal(
        'could not parse zz as bool value for flag enable-local-keyservice: strconv.ParseBool: parsing "zz": invalid syntax',
      ),
    });
  });
});

describe('--version', () => {
  it('prints upstream version and own version on one line', async () => {
    const line = { status: 0, stdout: `sops 3.13.3 (sops-ts ${PROGRAM_VERSION})\n`, stderr: '' };
    expect(await runWith({}, '--version')).toEqual(line);
    expect(await runWith({}, '-v', 'decrypt', 'f')).toEqual(line);
    expect(await runWith({}, '--disable-version-check', '--check-for-updates', '--version')).toEqual(line);
  });
});

describe('help', () => {
  it('of the program lists every command, and is the same by each of its spellings', async () => {
    const { status, stdout, stderr } = await runWith({}, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const listed = COMMANDS.filter(({ name }) => new RegExp(`^  ${name}\\b`, 'm').test(stdout));
    expect(listed).toEqual(COMMANDS);
    for (const argv of [['-h'], ['help'], ['h'], ['--help', 'decrypt'], ['help', '--']]) {
      expect(await runWith({}, ...argv)).toEqual({ status, stdout, stderr });
    }
  });

  it('of a command is the same by each of its spellings', async () => {
    const help = await runWith({}, 'keygen', '--help');
    expect(help.status).toBe(0);
    for (const argv of [
      ['help', 'keygen'],
      ['h', 'keygen', 'nothing'],
      ['keygen', '-h', 'x'],
    ]) {
      expect(await runWith({}, ...argv)).toEqual(help);
    }
  });

  it('of a group of commands is also what the group alone prints', async () => {
    const help = await runWith({}, 'completion');
    expect(help.status).toBe(0);
    for (const argv of [
      ['completion', '-h'],
      ['completion', 'help'],
      ['help', 'completion'],
    ]) {
      expect(await runWith({}, ...argv)).toEqual(help);
    }
    expect(await runWith({}, 'help', 'completion', 'zsh')).toEqual(await runWith({}, 'completion', 'zsh', '--help'));
  });

  it('for a word that is no command exits 3', async () => {
    const unknown = { status: 3, stdout: '', stderr: "No help topic for 'nope'\n" };
    for (const argv of [
      ['help', 'nope'],
      ['h', 'nope'],
      ['completion', 'nope'],
      ['completion', 'help', 'nope'],
    ]) {
      expect(await runWith({}, ...argv)).toEqual(unknown);
    }
  });

  it('fits 80 columns', async () => {
    const texts = await Promise.all([
      runWith({}, '--help'),
      ...COMMANDS.map(({ name }) => runWith({}, name, '--help')),
    ]);
    const tooLong = texts.flatMap(({ stdout }) => stdout.split('\n')).filter((line) => line.length > 80);
    expect(tooLong).toEqual([]);
  });
});

describe('stdout', () => {
  it('that cannot be written makes any command fail (D48)', async () => {
    for (const argv of [['--version'], ['--help'], ['completion', 'bash']]) {
      expect(await runWith({ stdoutError: 'ENOSPC' }, ...argv)).toEqual({
        status: 1,
        stdout: '',
        stderr: 'write /dev/stdout: no space left on device\n',
      });
    }
  });

  it('that nobody reads ends the program as SIGPIPE would, without a word', async () => {
    expect(await runWith({ stdoutError: 'EPIPE' }, '--version')).toEqual({ status: 141, stdout: '', stderr: '' });
  });
});

describe('a hint', () => {
  it('is shown on a terminal alone', async () => {
    const message =
      'config file not found, or has no creation rules, and no keys provided through command line options\n';
    const hint = 'hint: name a key with --age or another key flag, or put a creation rule into .sops.yaml\n';
    const files = { 'f.json': '{"a": "b"}' };
    expect(await runWith({ files }, 'encrypt', 'f.json')).toEqual({ status: 1, stdout: '', stderr: message });
    expect(await runWith({ files, tty: { stderr: true } }, 'encrypt', 'f.json')).toEqual({
      status: 1,
      stdout: '',
      stderr: message + hint,
    });
  });
});

describe('colours', () => {
  const warning = 'ignoring ".sops.yml" when searching for config file; the config file must be called ".sops.yaml"';
  const files = { '.sops.yml': '' };

  it('are on a terminal, and nowhere else', async () => {
    const onTerminal = await runWith({ files, tty: { stderr: true } }, 'filestatus', 'n.json');
    expect(onTerminal.stderr.split('\n')[0]).toBe(
      `\u001b[1m[CMD]\u001b[22m\t \u001b[33mWARN\u001b[39m[0000] ${warning} `,
    );
    const piped = await runWith({ files }, 'filestatus', 'n.json');
    expect(piped.stderr).not.toContain('\u001b');
  });

  it('are never there with NO_COLOR or on a dumb terminal', async () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { stderr } = await runWith({ env, files, tty: { stderr: true } }, 'filestatus', 'n.json');
      expect(stderr.split('\n')[0]).toBe(`[CMD]\t WARN[0000] ${warning} `);
    }
  });
});
