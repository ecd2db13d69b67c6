#!/usr/bin/env node
'use strict';
// Runs the bundle, and with it the code that V8 compiled in an earlier run: to compile it anew takes as long as a decrypt.
//
// CommonJS, and in the syntax of old runtimes: a module starts several milliseconds later, and the line about the version has
// to be understood before anything else is.

const fs = require('fs');
const path = require('path');
const vm = require('vm');

const BUNDLE = path.join(__dirname, '../dist/cli.cjs');
/** The bundle starts with a comment that names its contents. */
const BUNDLE_ID = [2, 18];
/** A run compiles what its command and the format of its file need, so each pair has a file of its own. */
const CACHED = new Set(
  'decrypt encrypt edit set unset rotate updatekeys groups filestatus exec-env exec-file publish'.split(' '),
);
const SHORT = { '-d': 'decrypt', '--decrypt': 'decrypt', '-e': 'encrypt', '--encrypt': 'encrypt' };
const FORMAT = /\.(yaml|yml|json|env|ini)$/;
const IS_NODE = !process.versions.bun && !process.versions.deno;
const SUM_LENGTH = 16;
/** How `edit` ends when nothing was changed. */
const UNCHANGED = 200;
const KEPT_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;

function run() {
  const source = fs.readFileSync(BUNDLE, 'latin1');
  const name = process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : cacheName(source);
  const cachedData = name === undefined ? undefined : load(name);
  const script = new vm.Script(source, { filename: BUNDLE, cachedData });
  if (name !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
    process.once('exit', (status) => {
      if (status === 0 || status === UNCHANGED) save(name, script.createCachedData());
    });
  }
  script.runInThisContext()(require);
  // When nothing is left to do, to take the heap down piece by piece would take longer than to leave.
  process.once('beforeExit', () => process.exit());
}

function cacheName(source) {
  const [first, ...rest] = process.argv.slice(2);
  const command = SHORT[first] || first;
  if (!CACHED.has(command) || process.execArgv.length > 0 || !IS_NODE) return undefined;
  const file = rest.find((argument) => FORMAT.test(argument));
  const format = file === undefined ? 'other' : path.extname(file).slice(1);
  return `${process.version}-${process.arch}-${source.slice(...BUNDLE_ID)}-${command}-${format}`;
}

/** Beside the bundle, where the build puts it too, or else in the user's folder for such things. */
function folders() {
  const beside = path.join(__dirname, '../.cache');
  const parent = cacheHome();
  return parent === undefined ? [beside] : [beside, path.join(parent, 'sops-ts')];
}

function cacheHome() {
  const { HOME, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA;
  if (XDG_CACHE_HOME) return path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : undefined;
  if (!HOME || !path.isAbsolute(HOME)) return undefined;
  return path.join(HOME, process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/** Whether nobody but this user and root can write there: whoever can decides what runs. */
function isTrusted(file) {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return false;
  if (!process.getuid) return true;
  return (status.uid === 0 || status.uid === process.getuid()) && (status.mode & 0o022) === 0;
}

function load(name) {
  try {
    for (const folder of folders()) {
      const file = path.join(folder, name);
      if (isTrusted(folder) && isTrusted(file)) return checked(fs.readFileSync(file));
    }
  } catch (error) {}
  return undefined;
}

/** The data of a file that is whole: V8 does not notice a damaged one, and crashes. */
function checked(file) {
  const data = file.subarray(0, -SUM_LENGTH);
  return file.length > SUM_LENGTH && sum(data).equals(file.subarray(-SUM_LENGTH)) ? data : undefined;
}

/** A checksum, so with a key that everybody knows. Poly1305 takes a third of the time of SHA-256, CRC-32 has to be loaded. */
function sum(data) {
  const options = { authTagLength: SUM_LENGTH };
  const cipher = require('crypto').createCipheriv('chacha20-poly1305', Buffer.alloc(32), Buffer.alloc(12), options);
  cipher.setAAD(data, { plaintextLength: 0 }).final();
  return cipher.getAuthTag();
}

/** Failures are of no importance: the next run is slower. */
function save(name, data) {
  const [beside, ofUser] = folders();
  if (write(beside, name, data, 0o755) || ofUser === undefined) return;
  // A home that is not there, or somebody else's (sudo may keep it), is no place for files of this user.
  if (makeFolder(path.dirname(ofUser), 0o700)) write(ofUser, name, data, 0o700);
}

function write(folder, name, data, mode) {
  try {
    if (!makeFolder(folder, mode)) return false;
    const temporary = path.join(folder, `${name}.${process.pid}`);
    fs.writeFileSync(temporary, Buffer.concat([data, sum(data)]), { flag: 'wx', mode: mode & 0o666 });
    fs.renameSync(temporary, path.join(folder, name));
    removeOld(folder);
    return true;
  } catch (error) {
    return false;
  }
}

/** Gives whether the folder is there and this user's alone to write to. */
function makeFolder(folder, mode) {
  try {
    if (!fs.existsSync(folder) && isOwn(path.dirname(folder))) fs.mkdirSync(folder, { mode });
    return isOwn(folder);
  } catch (error) {
    return false;
  }
}

function isOwn(folder) {
  return isTrusted(folder) && (!process.getuid || fs.statSync(folder).uid === process.getuid());
}

function removeOld(folder) {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (Date.now() - fs.statSync(file).mtimeMs > KEPT_MILLISECONDS) fs.unlinkSync(file);
  }
}

const version = process.versions.node.split('.').map(Number);

if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error('sops-ts needs Node.js 20.19 or later; this is ' + process.version);
  process.exitCode = 1;
} else {
  run();
}
