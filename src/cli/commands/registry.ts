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
    name: 'edit',
    summary: 'Edit a file in an editor, or make a new one',
    section: 'Change a file',
    load: async () => (await import('./edit.ts')).editCommand,
  },
  {
    name: 'rotate',
    summary: 'Give a file a new data key, and add or remove keys',
    section: 'Change a file',
    load: async () => (await import('./rotate.ts')).rotateCommand,
  },
  {
    name: 'set',
    summary: 'Set a value in a file',
    section: 'Change a file',
    load: async () => (await import('./set.ts')).setCommand,
  },
  {
    name: 'unset',
    summary: 'Remove a value from a file',
    section: 'Change a file',
    load: async () => (await import('./unset.ts')).unsetCommand,
  },
  {
    name: 'updatekeys',
    summary: 'Make the keys of files those of .sops.yaml',
    section: 'Keys',
    load: async () => (await import('./updatekeys.ts')).updatekeysCommand,
  },
  {
    name: 'groups',
    summary: 'Add or remove key groups of a file',
    section: 'Keys',
    load: async () => (await import('./groups.ts')).groupsCommands,
  },
  {
    name: 'keygen',
    summary: 'Make an age key pair',
    section: 'Keys',
    load: async () => (await import('./keygen.ts')).keygenCommand,
  },
  {
    name: 'keyservice',
    summary: "Let other machines use this one's keys",
    section: 'Keys',
    load: async () => (await import('./keyservice.ts')).keyserviceCommand,
  },
  {
    name: 'exec-env',
    summary: 'Run a command with the values in its environment',
    section: 'Use the values',
    load: async () => (await import('./exec-env.ts')).execEnvCommand,
  },
  {
    name: 'exec-file',
    summary: 'Run a command with the decrypted file at a path',
    section: 'Use the values',
    load: async () => (await import('./exec-file.ts')).execFileCommand,
  },
  {
    name: 'publish',
    summary: 'Put a file, or a folder of files, where the configuration says',
    section: 'Use the values',
    load: async () => (await import('./publish.ts')).publishCommand,
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
