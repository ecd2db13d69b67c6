/**
 * Where age identities come from. Upstream reads every source for every key; here a source is read when it is needed: the ones
 * with native identities first, in a fixed order (D25). What upstream's user sees, the order of attempts and the error texts,
 * stays. Upstream: `age/keysource.go` `loadIdentities`.
 */
import { AgeError } from '../../../core/keys/age/age-error.ts';
import { parseAgeIdentities } from '../../../core/keys/age/age-identity.ts';
import { decodeArmor } from '../../../core/keys/age/armor.ts';
import { goErrorText, systemCode } from '../../go-errors.ts';
import { configFolder, homeFolder, joinPath } from '../config-folder.ts';
import { runKeyCommand } from '../key-command.ts';
import type { KeyHost } from '../key-host.ts';
import type { Identity } from './age-file.ts';
import { createHybridIdentity, createX25519Identity } from './native-identities.ts';
import { createPluginIdentity } from './plugin.ts';
import { createProtectedIdentity } from './protected-identity.ts';
import { createSshIdentity, loadSshIdentity } from './ssh-identity.ts';
import { PassphraseMissing, parseSshPrivateKey } from './ssh-private-key.ts';

/** What a source gave. */
type Outcome =
  | { readonly kind: 'identities'; readonly identities: readonly Identity[] }
  /** There is nothing at the location. */
  | { readonly kind: 'unused' }
  /** It cannot be opened, or its content is no identity. */
  | { readonly kind: 'failed'; readonly stage: 'open' | 'parse'; readonly reason: string };

interface Source {
  /** The variable or the path. */
  readonly location: string;
  readonly isSsh: boolean;
  /** Whether a missing file counts as a place that was looked at only when there is nothing else. */
  readonly isFallback: boolean;
  load(): Promise<Outcome>;
}

/** What to say when no identity fits. */
export interface SourceReport {
  readonly hasIdentities: boolean;
  readonly problems: readonly string[];
  readonly unusedLocations: readonly string[];
}

/** The sources of one key service. What files hold is kept from key to key, so that a passphrase is asked for once. */
export class IdentitySources {
  readonly #host: KeyHost;
  readonly #loaded = new Map<string, Promise<Outcome>>();

  constructor(host: KeyHost) {
    this.#host = host;
  }

  /** The identities to try for a recipient: native ones of all sources first, then the others. */
  async *identities(recipient: string): AsyncGenerator<Identity> {
    const sources = this.#sources(recipient);
    for (const source of sources.filter(({ isSsh }) => !isSsh)) {
      yield* (await this.#identitiesOf(source, recipient)).filter((identity) => identity.isNative);
    }
    for (const source of sources) {
      yield* (await this.#identitiesOf(source, recipient)).filter((identity) => !identity.isNative);
    }
  }

  /** Reads what was not read yet and tells what was found where. */
  async report(recipient: string): Promise<SourceReport> {
    const outcomes: { source: Source; outcome: Outcome }[] = [];
    for (const source of this.#sources(recipient)) {
      outcomes.push({ source, outcome: await this.#load(source, recipient) });
    }
    const hasIdentities = outcomes.some(({ outcome }) => countOf(outcome) > 0);
    const opened = outcomes.filter(({ source, outcome }) => !source.isSsh && isOpened(outcome));
    const hasOther = opened.length > 0 || outcomes.some(({ source, outcome }) => source.isSsh && countOf(outcome) > 0);
    const failed = (stage: 'open' | 'parse'): string[] =>
      outcomes.flatMap(({ source, outcome }) =>
        outcome.kind === 'failed' &&
        outcome.stage === stage &&
        !(source.isFallback && outcome.reason.startsWith(noConfigFolder) && hasOther)
          ? [outcome.reason]
          : [],
      );
    return {
      hasIdentities,
      problems: [...failed('open'), ...failed('parse')],
      unusedLocations: [
        ...outcomes
          .filter(({ source, outcome }) => outcome.kind === 'unused' && !(source.isFallback && hasOther))
          .map(({ source }) => source.location),
        ...opened.filter(({ outcome }) => isEmpty(outcome)).map(({ source }) => source.location),
      ],
    };
  }

  async #identitiesOf(source: Source, recipient: string): Promise<readonly Identity[]> {
    const outcome = await this.#load(source, recipient);
    return outcome.kind === 'identities' ? outcome.identities : [];
  }

  #load(source: Source, recipient: string): Promise<Outcome> {
    // A command may answer differently for each recipient.
    const name = source.location.endsWith('_CMD') ? `${source.location} ${recipient}` : source.location;
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const loading = source.load();
    this.#loaded.set(name, loading);
    return loading;
  }

  #sources(recipient: string): Source[] {
    const host = this.#host;
    const variable = (
      location: string,
      isSsh: boolean,
      load: (value: string) => Outcome | Promise<Outcome>,
    ): Source => ({
      location,
      isSsh,
      isFallback: false,
      async load() {
        const value = host.env(location);
        return value === undefined ? { kind: 'unused' } : load(value);
      },
    });
    return [
      variable('SOPS_AGE_SSH_PRIVATE_KEY_FILE', true, (path) => sshFile(host, path)),
      variable('SOPS_AGE_SSH_PRIVATE_KEY_CMD', true, () => sshCommand(host, recipient)),
      ...homeSshSources(host),
      variable('SOPS_AGE_KEY', false, (text) => identityText(host, 'SOPS_AGE_KEY', new TextEncoder().encode(text))),
      variable('SOPS_AGE_KEY_FILE', false, (path) => identityFile(host, path)),
      variable('SOPS_AGE_KEY_CMD', false, () => identityCommand(host, recipient)),
      keysFileSource(host),
    ];
  }
}

function countOf(outcome: Outcome): number {
  return outcome.kind === 'identities' ? outcome.identities.length : 0;
}

function isEmpty(outcome: Outcome): boolean {
  return outcome.kind === 'identities' && outcome.identities.length === 0;
}

function isOpened(outcome: Outcome): boolean {
  return outcome.kind === 'identities' || (outcome.kind === 'failed' && outcome.stage === 'parse');
}

function failedToOpen(reason: string): Outcome {
  return { kind: 'failed', stage: 'open', reason };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sshFile(host: KeyHost, path: string): Outcome {
  try {
    return { kind: 'identities', identities: [loadSshIdentity(host, path)] };
  } catch (error) {
    return failedToOpen(reasonOf(error));
  }
}

async function sshCommand(host: KeyHost, recipient: string): Promise<Outcome> {
  const name = 'SOPS_AGE_SSH_PRIVATE_KEY_CMD';
  let text: string;
  try {
    text = new TextDecoder().decode(await runKeyCommand(host, name, recipient));
  } catch (error) {
    return failedToOpen(reasonOf(error));
  }
  try {
    return { kind: 'identities', identities: [createSshIdentity(parseSshPrivateKey(text))] };
  } catch (error) {
    return failedToOpen(
      error instanceof PassphraseMissing
        ? `the SSH key returned by running ${name} is password protected, which is unsupported. ("${error.message}")`
        : `malformed SSH identity returned by running ${name}: "${reasonOf(error)}"`,
    );
  }
}

function homeSshSources(host: KeyHost): Source[] {
  const home = homeFolder(host);
  if ('problem' in home) {
    const load = (): Promise<Outcome> => Promise.resolve(failedToOpen(home.problem));
    return [{ location: '~/.ssh', isSsh: true, isFallback: false, load }];
  }
  return ['id_ed25519', 'id_rsa'].map((name) => {
    const location = joinPath(host, home.path, '.ssh', name);
    return {
      location,
      isSsh: true,
      isFallback: false,
      load: () => Promise.resolve(host.exists(location) ? sshFile(host, location) : { kind: 'unused' }),
    };
  });
}

function identityFile(host: KeyHost, path: string): Outcome {
  let content: Uint8Array;
  try {
    content = readIdentityFile(host, path);
  } catch (error) {
    return failedToOpen(`failed to open SOPS_AGE_KEY_FILE file: ${goErrorText('open', path, error)}`);
  }
  return identityText(host, 'SOPS_AGE_KEY_FILE', content);
}

/** A folder can be opened and holds nothing, as upstream sees it. */
function readIdentityFile(host: KeyHost, path: string): Uint8Array {
  try {
    return host.readFile(path);
  } catch (error) {
    if (systemCode(error) === 'EISDIR') return new Uint8Array(0);
    throw error;
  }
}

async function identityCommand(host: KeyHost, recipient: string): Promise<Outcome> {
  try {
    return identityText(host, 'SOPS_AGE_KEY_CMD', await runKeyCommand(host, 'SOPS_AGE_KEY_CMD', recipient));
  } catch (error) {
    return failedToOpen(reasonOf(error));
  }
}

const noConfigFolder = 'user config directory could not be determined: ';

function keysFileSource(host: KeyHost): Source {
  const folder = configFolder(host);
  const location = 'problem' in folder ? 'sops/age/keys.txt' : joinPath(host, folder.path, 'sops', 'age', 'keys.txt');
  return {
    location,
    isSsh: false,
    isFallback: true,
    load() {
      if ('problem' in folder) return Promise.resolve(failedToOpen(noConfigFolder + folder.problem));
      try {
        return Promise.resolve(identityText(host, location, readIdentityFile(host, location)));
      } catch (error) {
        return Promise.resolve(
          systemCode(error) === 'ENOENT'
            ? { kind: 'unused' }
            : failedToOpen(`failed to open file: ${goErrorText('open', location, error)}`),
        );
      }
    },
  };
}

/** Reads the text of a source: identities, or an age file that protects them. */
function identityText(host: KeyHost, location: string, content: Uint8Array): Outcome {
  const text = new TextDecoder().decode(content);
  try {
    const file = protectedFile(text, content, location);
    if (file !== undefined) {
      return { kind: 'identities', identities: [createProtectedIdentity(host, file, location)] };
    }
    const parsed = parseAgeIdentities(text, { severalPerLine: location === 'SOPS_AGE_KEY' });
    return {
      kind: 'identities',
      identities: parsed.map((identity) => {
        if (identity.kind === 'plugin') return createPluginIdentity(host, identity.plugin, identity.text);
        return identity.kind === 'hybrid'
          ? createHybridIdentity(identity.text)
          : createX25519Identity(identity.secretKey);
      }),
    };
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    const reason = error.message.startsWith('failed to read ')
      ? error.message
      : `failed to parse '${location}' age identities: ${error.message}`;
    return { kind: 'failed', stage: 'parse', reason };
  }
}

const protectedSizeLimit = 2 ** 24;

/** The binary age file that protects identities. Undefined when the content is no age file. */
function protectedFile(text: string, content: Uint8Array, location: string): Uint8Array | undefined {
  let file: Uint8Array;
  if (text.startsWith('age-encryption')) {
    file = content;
  } else if (text.trimStart().startsWith('-----BEGIN AGE')) {
    const { bytes, fault } = decodeArmor(text);
    if (fault !== undefined) throw new AgeError(`failed to read '${location}': ${fault.message}`);
    file = bytes;
  } else {
    return undefined;
  }
  if (file.length >= protectedSizeLimit) throw new AgeError(`failed to read '${location}': file too long`);
  return file;
}
