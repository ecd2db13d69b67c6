'use strict';
// Runs the bundle, compiled code from the last run included: reading and compiling it anew takes half of the time of a decrypt.
// Node 22.1 keeps compiled code itself, for older ones it is done here. The cache is a folder that nobody else can write to,
// since whoever writes to it decides what runs.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const BUNDLE = path.join(__dirname, '../dist/cli.cjs');
const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;
/** Each has a cache of its own, since a cache holds what the run that made it compiled. */
const FREQUENT = new Set(['decrypt', 'encrypt', 'edit', 'set', 'exec-env', 'exec-file', 'filestatus', 'updatekeys']);

function cacheFolder() {
  const { env } = process;
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const base = {
    win32: env.LOCALAPPDATA,
    darwin: env.HOME && path.join(env.HOME, 'Library/Caches'),
  };
  const parent =
    process.platform in base
      ? base[process.platform]
      : env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  if (!parent || !path.isAbsolute(parent)) return undefined;
  try {
    // A home that is somebody else's (sudo may keep it) is no place for code of this user.
    if (env.HOME && !isOwn(env.HOME)) return undefined;
    const folder = path.join(parent, 'sops-ts');
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwn(parent) && isOwn(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a folder is this user's, and nobody else may write to it. */
function isOwn(folder) {
  if (!process.getuid) return true;
  const status = fs.statSync(folder);
  return status.isDirectory() && status.uid === process.getuid() && (status.mode & 0o022) === 0;
}

function cacheFile(folder) {
  // V8 compares no more than the length of the source.
  const { size, mtimeMs } = fs.statSync(BUNDLE);
  const command = FREQUENT.has(process.argv[2]) ? process.argv[2] : 'other';
  return path.join(folder, `${process.version}-${process.arch}-${size}-${Math.floor(mtimeMs)}-${command}`);
}

function readOrUndefined(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

function runWithCache(folder) {
  const file = cacheFile(folder);
  const cachedData = readOrUndefined(file);
  const script = new vm.Script(Module.wrap(fs.readFileSync(BUNDLE, 'utf8')), {
    filename: BUNDLE,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const bundle = new Module(BUNDLE, module);
  bundle.filename = BUNDLE;
  if (cachedData === undefined || script.cachedDataRejected) {
    process.once('exit', () => {
      save(folder, file, script);
    });
  }
  script.runInThisContext()(bundle.exports, Module.createRequire(BUNDLE), bundle, BUNDLE, path.dirname(BUNDLE));
}

/** Failures are of no importance: the next run is slower. */
function save(folder, file, script) {
  try {
    const temporary = `${file}.${process.pid}`;
    fs.writeFileSync(temporary, script.createCachedData(), { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, file);
    for (const name of fs.readdirSync(folder)) {
      const other = path.join(folder, name);
      if (Date.now() - fs.statSync(other).mtimeMs > KEPT_DAYS * DAY) fs.rmSync(other, { recursive: true });
    }
  } catch {}
}

if (!fs.existsSync(BUNDLE)) {
  import('../dist/cli.js');
} else {
  const folder = cacheFolder();
  if (folder === undefined) require(BUNDLE);
  else if (Module.enableCompileCache === undefined) runWithCache(folder);
  else {
    Module.enableCompileCache(folder);
    require(BUNDLE);
  }
}
