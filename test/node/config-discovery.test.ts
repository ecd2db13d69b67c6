import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_CONFIG } from '../../src/core/config/config.ts';
import { SopsError } from '../../src/core/errors.ts';
import { folderOfConfig, readConfig, readConfigIfValid, searchConfig } from '../../src/node/config-discovery.ts';
import { temporaryFolder } from './child-module.ts';

/** A folder `top/x/y` with empty files; gives the folder `y`. */
function tree(...files: string[]): string {
  const top = temporaryFolder();
  const y = path.join(top, 'x/y');
  mkdirSync(y, { recursive: true });
  for (const file of files) writeFileSync(path.join(top, file), '');
  return y;
}

describe('searchConfig', () => {
  test('finds the nearest configuration upward', () => {
    expect(searchConfig(tree('.sops.yaml', 'x/.sops.yaml'))).toEqual({ path: '../.sops.yaml', warning: undefined });
    expect(searchConfig(tree('.sops.yaml'))).toEqual({ path: '../../.sops.yaml', warning: undefined });
    expect(searchConfig(tree('x/y/.sops.yaml'))).toEqual({ path: '.sops.yaml', warning: undefined });
  });

  test('finds a folder of the name', () => {
    const folder = tree();
    mkdirSync(path.join(folder, '.sops.yaml'));
    expect(searchConfig(folder).path).toBe('.sops.yaml');
  });

  test('finds nothing where there is nothing', () => {
    expect(searchConfig(tree())).toEqual({ path: undefined, warning: undefined });
  });

  test('names the nearest .sops.yml below the configuration', () => {
    expect(searchConfig(tree('.sops.yaml', 'x/.sops.yml', 'x/y/.sops.yml')).warning).toBe(
      'ignoring ".sops.yml" when searching for config file; the config file must be called ".sops.yaml"; using "../../.sops.yaml" instead',
    );
    expect(searchConfig(tree('x/.sops.yml')).warning).toBe(
      'ignoring "../.sops.yml" when searching for config file; the config file must be called ".sops.yaml"',
    );
  });

  test('says nothing of a .sops.yml beside the configuration or above it', () => {
    expect(searchConfig(tree('x/.sops.yaml', 'x/.sops.yml', '.sops.yml'))).toEqual({
      path: '../.sops.yaml',
      warning: undefined,
    });
  });

  test('looks above the real folder behind a symbolic link', () => {
    const folder = tree('x/.sops.yaml');
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync(folder, link);
    expect(searchConfig(link).path).toBe('../.sops.yaml');
  });
});

describe('readConfig', () => {
  test.each([
    ['nowhere.yaml', 'could not read config file: open nowhere.yaml: no such file or directory'],
    ['../y', 'could not read config file: read ../y: is a directory'],
  ])('refuses %s', (file, message) => {
    const folder = tree();
    expect(() => readConfig(folder, file)).toThrow(new SopsError('invalid-config', message));
    expect(readConfigIfValid(folder, file)).toEqual({
      config: NO_CONFIG,
      warning: `ignoring the config file, which is not needed here: ${message}`,
    });
  });

  test('reads an absolute path and one relative to the folder', () => {
    const folder = tree();
    writeFileSync(path.join(folder, '../c.yaml'), 'stores: {json: {indent: 3}}\n');
    expect(readConfig(folder, '../c.yaml').stores.json).toEqual({ indent: 3 });
    expect(readConfig('/', path.join(folder, '../c.yaml')).stores.json).toEqual({ indent: 3 });
    expect(readConfigIfValid(folder, '../c.yaml').warning).toBe(undefined);
  });
});

test('the paths of rules are relative to the folder of the configuration', () => {
  expect(folderOfConfig('/a/b', '../../.sops.yaml')).toBe('/');
  expect(folderOfConfig('/a/b', '.sops.yaml')).toBe('/a/b');
  expect(folderOfConfig('/a/b', 'c/conf.yaml')).toBe('/a/b/c');
  expect(folderOfConfig('/a/b', '/c/conf.yaml')).toBe('/c');
});
