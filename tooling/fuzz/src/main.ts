import { parseConfig, startServer } from '@coffer/server';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Api } from './api.ts';
import { keep, readCorpus } from './corpus.ts';
import { Fuzz, type FuzzResult } from './fuzz.ts';
import { setStage, type Stage } from './stage.ts';

const { values: options } = parseArgs({
  // pnpm passes on the `--` itself together with the arguments behind it.
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, json: { type: 'string' } },
});
const seconds = Number(options.seconds ?? 60);
const seed = Number(options.seed ?? Date.now() % 1_000_000);

const folder = mkdtempSync(join(tmpdir(), 'coffer-fuzz-'));
const log: string[] = [];
const config = parseConfig({
  ...{ data: join(folder, 'data'), keys: join(folder, 'keys'), listen: '127.0.0.1:0', adminListen: 'off' },
  ...{ minimumPartSize: 1, logLevel: 'warn' },
});
const server = await startServer(config, {
  logDestination: { write: (line) => log.push(line) },
  environment: {},
  // Most requests have a wrong token, and would be slowed down otherwise.
  limits: { refusalDelayMs: 0 },
});

try {
  const origin = server.urls.http ?? '';
  const api = await Api.open(origin, server.masterKeyId, server.masterKey?.expose((key) => key) ?? '');
  const stage = await setStage(api);
  const corpus = readCorpus(stage);
  const result = await new Fuzz(Number(new URL(origin).port), api, stage).run(corpus, seconds * 1000, seed);
  report(result, corpus.length, stage);
} finally {
  await server.close(0);
  rmSync(folder, { recursive: true, force: true });
}

function report({ requests, statuses, findings }: FuzzResult, corpus: number, stage: Stage): void {
  console.log(`fuzz: ${requests} requests (${corpus} of the corpus), seed ${seed}, ${seconds} s`);
  console.log(`answers: ${JSON.stringify(statuses)}`);
  for (const finding of findings) {
    const { method, target } = finding.request;
    console.error(`${finding.what}: ${method} ${target.slice(0, 200)} → ${finding.answer.body.slice(0, 200)}`);
    console.error(`  kept as ${keep(finding, stage)}`);
  }
  // The last lines of the log say where an unexpected error came from.
  if (findings.length > 0) console.error(log.slice(-5).join(''));
  if (options.json !== undefined) {
    mkdirSync(dirname(options.json), { recursive: true });
    writeFileSync(
      options.json,
      JSON.stringify({ passed: requests - findings.length, failed: findings.length, statuses }),
    );
  }
  if (findings.length > 0 || requests === 0) process.exitCode = 1;
}
