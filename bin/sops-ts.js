#!/usr/bin/env node
import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`sops-ts needs Node.js 20.19 or later; this is ${process.version}`);
  process.exitCode = 1;
} else {
  module.enableCompileCache?.();
  await import('../dist/cli.js');
}
