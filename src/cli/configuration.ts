import type { Config } from '../core/config/config.ts';
import { NO_CONFIG } from '../core/config/config.ts';
import type { CreationSettings } from '../core/config/creation-rule.ts';
import { findCreationRule, pathForRules, settingsOfRule } from '../core/config/creation-rule.ts';
import { folderOfConfig, readConfig, readConfigIfValid, searchConfig } from '../node/config-discovery.ts';
import type { CommandContext } from './command.ts';
import { CONFIG } from './flags/table.ts';

/** The configuration that counts for a command; without a file the defaults. */
export interface Configuration {
  /** As it was given or found, relative to the working folder; undefined without a file. */
  readonly path: string | undefined;
  readonly config: Config;
}

/** The path that `--config` or SOPS_CONFIG names, or that of the nearest `.sops.yaml`; undefined when there is none. */
export async function findConfigPath({ host, globals, output }: CommandContext): Promise<string | undefined> {
  const given = globals.get(CONFIG);
  if (given !== '') return given;
  const { path, warning } = searchConfig(host.cwd);
  if (warning !== undefined) await output.warn(warning);
  return path;
}

/** Reads the configuration that counts. @throws SopsError `invalid-config` */
export async function findConfiguration(context: CommandContext): Promise<Configuration> {
  return readConfiguration(context, await findConfigPath(context));
}

/** Reads the configuration at a path that was found already, and warns of its unknown keys. @throws SopsError `invalid-config` */
export async function readConfiguration(
  { host, output }: CommandContext,
  path: string | undefined,
): Promise<Configuration> {
  if (path === undefined) return { path, config: NO_CONFIG };
  const config = readConfig(host.cwd, path);
  for (const { line, message } of config.warnings) {
    await output.warn(`${path}:${line === undefined ? '' : `${line}:`} ${message}`);
  }
  return { path, config };
}

/**
 * Reads the configuration for a command that does not depend on it: one that is broken is passed over with a warning (D22), and
 * unknown keys are nothing to speak of.
 */
export async function findOptionalConfiguration(context: CommandContext): Promise<Configuration> {
  const path = await findConfigPath(context);
  if (path === undefined) return { path, config: NO_CONFIG };
  const { config, warning } = readConfigIfValid(context.host.cwd, path);
  if (warning !== undefined) await context.output.warn(warning);
  return { path, config };
}

/**
 * What the creation rule for a file says; undefined when there is no configuration, or none with rules.
 *
 * @param file - absolute
 * @param encryptionContext - for the rule's flat `kms` keys
 * @throws SopsError `invalid-config`, `invalid-key`
 */
export async function findRuleSettings(
  { host }: CommandContext,
  { path, config }: Configuration,
  file: string,
  encryptionContext?: Record<string, string>,
): Promise<CreationSettings | undefined> {
  if (path === undefined) return undefined;
  const rule = await findCreationRule(config, pathForRules(file, folderOfConfig(host.cwd, path)));
  return rule === undefined ? undefined : settingsOfRule(rule, { now: host.now(), encryptionContext });
}
