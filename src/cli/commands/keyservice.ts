/** Upstream: `cmd/sops/subcommand/keyservice/keyservice.go`. */
import { SopsError } from '../../core/errors.ts';
import { serviceKeyText } from '../../core/keys/key-types.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { RpcError } from '../../node/key-service/rpc-error.ts';
import type { KeyServiceServer, ServiceRequest } from '../../node/key-service/server.ts';
import { startServer } from '../../node/key-service/server.ts';
import { openStandardInput } from '../../node/standard-input.ts';
import type { Command, CommandContext } from '../command.ts';
import { SUCCESS } from '../exit-status.ts';
import { ADDRESS, NETWORK, PROMPT } from '../flags/table.ts';
import { localKeyService } from '../local-keys.ts';
import type { LogEntry } from '../log-line.ts';
import { FatalError } from '../output.ts';
import type { Asking } from '../question.ts';
import { askYesOrNo } from '../question.ts';

/** What Go calls the signals. */
const SIGNAL_NAMES: ReadonlyMap<NodeJS.Signals, string> = new Map([
  ['SIGINT', 'interrupt'],
  ['SIGTERM', 'terminated'],
]);

export const keyserviceCommand: Command = {
  parameters: '',
  description: [
    "Lets other machines use this one's keys: it encrypts and decrypts data keys for every sops that names it with --keyservice, until SIGINT or SIGTERM ends it.",
    'The connection is neither encrypted nor authenticated: whoever reaches the address can use the keys. Listen on a Unix socket (its permissions follow the umask), on the loopback interface, or behind a tunnel. With --prompt every request is shown, and needs your y before anything is done.',
  ],
  examples: [
    { command: 'keyservice --network unix --address ~/sops.sock', description: 'listen on a Unix socket' },
    { command: 'decrypt --keyservice unix:///home/me/sops.sock secrets.yaml', description: 'use it' },
    { command: 'keyservice --prompt', description: 'listen on 127.0.0.1:5000, and ask before each answer' },
  ],
  flags: [NETWORK, ADDRESS, PROMPT],
  honours: [],
  async run(context) {
    const { output } = context;
    // From here on, so that no signal leaves the socket behind.
    const terminated = untilTerminated(context);
    const input = openStandardInput();
    const server = await start(context, {
      readByte: () => input.readByte(),
      print: (text) => output.data(text),
    });
    const signal = await terminated;
    await output.log(information(`Caught signal ${SIGNAL_NAMES.get(signal) ?? signal}: shutting down.`));
    input.close();
    await server.close();
    return SUCCESS;
  },
};

/** Waits for the first signal to end, which then does nothing else; a second one ends the process as usual. */
function untilTerminated({ host }: CommandContext): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = host.exec.listen([...SIGNAL_NAMES.keys()], (signal) => {
      stop();
      resolve(signal);
    });
  });
}

async function start(context: CommandContext, asking: Asking): Promise<KeyServiceServer> {
  const { flags, output } = context;
  const network = flags.get(NETWORK);
  const address = flags.get(ADDRESS);
  const approve = flags.get(PROMPT) ? createApproval(asking) : undefined;
  try {
    // Made before the socket is there, since whoever waits for that may look for the line at once.
    const line = await output.logLine(information(`Listening on ${network}://${address}`));
    const server = await startServer({ network, address, service: localKeyService(context), approve });
    if (line !== undefined) await output.note(line);
    return server;
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    await output.log({ logger: 'CMD', level: 'error', message: `Error running keyservice: ${error.message}` });
    throw new FatalError(error.message);
  }
}

function information(message: string): LogEntry {
  return { logger: 'KEYSERVICE', level: 'info', message };
}

/** Asks for one request at a time. Upstream asks when the operation is done already (D24). */
export function createApproval(asking: Asking): (request: ServiceRequest) => Promise<void> {
  let previous: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answered = previous.then(() => ask(request, asking));
    previous = answered.catch(() => undefined);
    return answered;
  };
}

async function ask({ kind, key, signal }: ServiceRequest, asking: Asking): Promise<void> {
  // Whoever waited for this is gone; a question that is on the screen already is left there until it is answered.
  if (signal.aborted) throw new RpcError('Canceled', 'context canceled');
  const name = shown(serviceKeyText(key));
  const question = `\nReceived ${kind} request using ${name}. Respond to request? (y/n): `;
  if (!(await askYesOrNo(question, asking))) throw new RpcError('PermissionDenied', 'Request rejected by user');
}

/** The name comes from the client, who must not be able to draw on the terminal. */
function shown(name: string): string {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(name) ? name : quoted(name);
}
