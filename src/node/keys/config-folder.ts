import { posix, win32 } from 'node:path';
import type { KeyHost } from './key-host.ts';

/** A folder, or why it is not known, in Go's words. */
export type Folder = { readonly path: string } | { readonly problem: string };

/** The home folder as the environment has it. Upstream: Go's `os.UserHomeDir`. */
export function homeFolder(host: KeyHost): Folder {
  const name = host.platform === 'win32' ? 'USERPROFILE' : 'HOME';
  const shown = host.platform === 'win32' ? '%userprofile%' : '$HOME';
  return folderOf(host.env(name), `${shown} is not defined`);
}

/** The folder for the user's settings. Upstream: `age/keysource.go` `getUserConfigDir`, Go's `os.UserConfigDir`. */
export function configFolder(host: KeyHost): Folder {
  if (host.platform === 'win32') return folderOf(host.env('AppData'), '%AppData% is not defined');
  const home = host.env('HOME') ?? '';
  const xdg = host.env('XDG_CONFIG_HOME') ?? '';
  if (host.platform === 'darwin') {
    if (xdg !== '') return { path: xdg };
    return folderOf(home && `${home}/Library/Application Support`, '$HOME is not defined');
  }
  if (xdg === '') return folderOf(home && `${home}/.config`, 'neither $XDG_CONFIG_HOME nor $HOME are defined');
  return xdg.startsWith('/') ? { path: xdg } : { problem: 'path in $XDG_CONFIG_HOME is relative' };
}

function folderOf(path: string | undefined, problem: string): Folder {
  return path === undefined || path === '' ? { problem } : { path };
}

/** Joins path elements as the host's platform does. */
export function joinPath(host: KeyHost, ...elements: string[]): string {
  return (host.platform === 'win32' ? win32 : posix).join(...elements);
}
