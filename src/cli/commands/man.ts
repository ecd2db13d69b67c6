import type { Command } from '../command.ts';
import { SUCCESS } from '../exit-status.ts';
import { manualPage } from '../help/manual-page.ts';

export const manCommand: Command = {
  parameters: '',
  description: ['Prints the manual page in roff, with every command and its flags.'],
  examples: [
    { command: 'man | man -l -', description: 'read it' },
    { command: 'man > /usr/local/share/man/man1/sops-ts.1', description: 'install it' },
  ],
  flags: [],
  honours: [],
  async run({ output, commands }) {
    await output.data(await manualPage(commands));
    return SUCCESS;
  },
};
