import type { CommandEntry } from '../command.ts';

/** Every command, in the order in which help lists them. A module is loaded when its command is used. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'encrypt',
    summary: 'Encrypt a file, or stdin',
    section: 'Encrypt and decrypt',
    load: async () => (await import('./encrypt.ts')).encryptCommand,
  },
  {
    name: 'decrypt',
    summary: 'Decrypt a file, or stdin',
    section: 'Encrypt and decrypt',
    load: async () => (await import('./decrypt.ts')).decryptCommand,
  },
  {
    name: 'filestatus',
    summary: 'Tell whether a file is encrypted',
    section: 'Encrypt and decrypt',
    load: async () => (await import('./filestatus.ts')).filestatusCommand,
  },
  {
    name: 'keygen',
    summary: 'Make an age key pair',
    section: 'Keys',
    load: async () => (await import('./keygen.ts')).keygenCommand,
  },
  {
    name: 'completion',
    summary: 'Print a completion script for a shell',
    section: 'Other',
    load: async () => (await import('./completion.ts')).completionCommands,
  },
  {
    name: 'man',
    summary: 'Print the manual page',
    section: 'Other',
    load: async () => (await import('./man.ts')).manCommand,
  },
  {
    name: 'help',
    aliases: ['h'],
    summary: 'Show help for the program or a command',
    section: 'Other',
    load: async () => (await import('./help.ts')).helpCommand,
  },
];
