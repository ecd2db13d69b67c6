import { createConnection } from 'node:net';
import type { Connection } from './key-host.ts';
import { createConnectionOver } from './line-connection.ts';

/** Connects to a local socket. @throws the system's error */
export function connect(path: string): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.on('error', reject);
    socket.on('connect', () => {
      resolve(
        createConnectionOver(socket, socket, () => {
          socket.destroy();
          return Promise.resolve();
        }),
      );
    });
  });
}
