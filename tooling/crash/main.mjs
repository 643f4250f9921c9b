import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from './client.mjs';
import { Ledger } from './ledger.mjs';
import { createRandom } from './random.mjs';
import { CrashServer } from './server.mjs';
import { findOrphans, verify } from './verify.mjs';
import { work } from './workload.mjs';

const { values: options } = parseArgs({
  // What pnpm hands on after `--` comes with it.
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, json: { type: 'string' } },
});
const rounds = Number(options.rounds ?? 20);
const seed = Number(options.seed ?? Date.now() % 1_000_000);
const connections = 6;

const folder = mkdtempSync(join(tmpdir(), 'coffer-crash-'));
const random = createRandom(seed);
const server = new CrashServer(folder);
const ledger = new Ledger();
const checked = new Set();
const totals = { rounds: 0, acknowledged: 0, openAtKill: 0, versions: 0 };
const violations = [];
const started = performance.now();

console.log(`crash: ${rounds} rounds, seed ${seed}, ${connections} connections`);
let credentials = await server.start();
let client = await Client.open(server.origin, credentials);
const { bucketId } = await client.call('b2_create_bucket', {
  ...{ accountId: client.accountId, bucketName: 'crash-bucket', bucketType: 'allPrivate' },
});

for (let round = 1; round <= rounds && violations.length === 0; round++) {
  const { stop, ended } = await work(client, ledger, random, bucketId, connections);
  await pause(50 + random.below(550));
  await server.kill();
  stop();
  await ended;
  totals.openAtKill += ledger.open.size;
  credentials = await server.start();
  client = await Client.open(server.origin, credentials);
  violations.push(...(await findOrphans(server.dataFolder)), ...(await verify(client, ledger, bucketId, checked)));
  totals.rounds = round;
  for (const violation of violations) console.error(`round ${round}: ${violation}`);
  if (round % 50 === 0)
    console.log(`${round} rounds, ${ledger.acknowledged} acknowledged, ${ledger.versions.size} versions`);
}

// Everything once more, also what was read in earlier rounds.
if (violations.length === 0) violations.push(...(await verify(client, ledger, bucketId, new Set())));
for (const violation of violations) console.error(`at the end: ${violation}`);
await server.stop();
Object.assign(totals, { acknowledged: ledger.acknowledged, versions: ledger.versions.size });
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`crash: ${JSON.stringify({ ...totals, violations: violations.length, seconds, seed })}`);
if (ledger.refused !== undefined) console.log(`last refusal: ${ledger.refused}`);
if (violations.length === 0) rmSync(folder, { recursive: true, force: true });
else console.error(`kept: ${folder}`);
if (options.json !== undefined) {
  mkdirSync(dirname(options.json), { recursive: true });
  writeFileSync(
    options.json,
    JSON.stringify({ passed: violations.length === 0 ? totals.rounds : 0, failed: violations.length, ...totals, seed }),
  );
}
if (violations.length > 0 || totals.rounds === 0) process.exitCode = 1;
