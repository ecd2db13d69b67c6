#!/usr/bin/env node
'use strict';
// CommonJS, and in the syntax of old runtimes: a module starts several milliseconds later, and the line about the version has
// to be understood before anything else is.

const version = process.versions.node.split('.').map(Number);

if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error('sops-ts needs Node.js 20.19 or later; this is ' + process.version);
  process.exitCode = 1;
} else {
  require('./launch.js');
}
