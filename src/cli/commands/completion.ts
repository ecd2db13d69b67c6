import type { Command, CommandEntry, CommandGroup } from '../command.ts';
import { bashScript, fishScript, powershellScript, zshScript } from '../completion/scripts.ts';
import { SUCCESS } from '../exit-status.ts';

interface Shell {
  readonly name: string;
  readonly script: (program: string) => string;
  /** The line that switches completion on. */
  readonly load: string;
}

const SHELLS: readonly Shell[] = [
  { name: 'bash', script: bashScript, load: 'source <(sops-ts completion bash)' },
  { name: 'zsh', script: zshScript, load: 'source <(sops-ts completion zsh)' },
  { name: 'fish', script: fishScript, load: 'sops-ts completion fish | source' },
  {
    name: 'powershell',
    script: powershellScript,
    load: 'sops-ts completion powershell | Out-String | Invoke-Expression',
  },
];

export const completionCommands: CommandGroup = {
  description: ['Prints a script that lets the shell complete commands, flags and their values.'],
  commands: SHELLS.map(entryOf),
};

function entryOf(shell: Shell): CommandEntry {
  const command: Command = {
    parameters: '',
    description: [`To switch completion on, put this line into the start-up file of the shell: ${shell.load}`],
    examples: [],
    flags: [],
    honours: [],
    async run({ host, output }) {
      await output.data(shell.script(host.programName));
      return SUCCESS;
    },
  };
  return {
    name: shell.name,
    summary: `Print the completion script for ${shell.name}`,
    section: 'Other',
    load: () => Promise.resolve(command),
  };
}
