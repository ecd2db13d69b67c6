import { findGpgAgent } from './gpg-agent.ts';
import type { KeyHost } from './key-host.ts';

export interface PassphraseQuestion {
  /** What gpg-agent keeps the answer under. */
  readonly cacheId: string;
  /** What gpg-agent shows. */
  readonly description: string;
  /** What the terminal shows when there is no agent. */
  readonly terminalText: string;
}

/**
 * Asks gpg-agent, or on the terminal when there is no agent.
 *
 * @throws Error whose message is the reason
 */
export async function askPassphrase(host: KeyHost, question: PassphraseQuestion): Promise<string> {
  const { cacheId, description, terminalText } = question;
  const agent = await findGpgAgent(host);
  if (agent === undefined) return host.prompt(terminalText, 'secret');
  try {
    return await agent.passphrase({ cacheId, prompt: 'Passphrase', description });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`gpg-agent passphrase request errored: ${reason}`);
  } finally {
    await agent.close();
  }
}

/** Makes gpg-agent forget a wrong answer, so that it asks again. */
export async function forgetPassphrase(host: KeyHost, cacheId: string): Promise<void> {
  const agent = await findGpgAgent(host);
  if (agent === undefined) return;
  try {
    await agent.forget(cacheId);
  } catch (error) {
    host.warn(`gpg-agent remove cache request errored: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await agent.close();
  }
}
