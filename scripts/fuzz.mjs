// Runs the property tests with new seeds and 20 times their examples, for 10 minutes or as long as it is told:
// npm run fuzz -- [MINUTES] [VITEST ARGUMENT…]
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';

const TIMES = '20';

const [minutes = '10', ...others] = process.argv.slice(2);
if (!(Number(minutes) > 0)) {
  console.error('usage: npm run fuzz -- [MINUTES] [VITEST ARGUMENT…]');
  process.exit(100);
}
const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const tests = others.length > 0 ? others : ['property'];
const end = Date.now() + Number(minutes) * 60_000;

for (let round = 1; Date.now() < end; round++) {
  const seed = String(randomInt(2 ** 31));
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', '--reporter=dot', ...tests], {
    env: { ...process.env, PROPERTY_SEED: seed, PROPERTY_TIMES: TIMES },
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(
      `${stdout}${stderr}\nAgain with: PROPERTY_SEED=${seed} PROPERTY_TIMES=${TIMES} npx vitest run ${tests.join(' ')}`,
    );
    process.exit(1);
  }
  console.log(`round ${round} passed (seed ${seed})`);
}
