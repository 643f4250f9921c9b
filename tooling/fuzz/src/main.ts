import { parseConfig, startServer } from '@coffer/server';
import { SecretString } from '@coffer/bytes';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Api } from './api.ts';
import { keep, readCorpus } from './corpus.ts';
import { RequestFuzz } from './fuzz.ts';
import { garbage } from './garbage.ts';
import { NativeFuzz, builtLibrary } from './native/native-fuzz.ts';
import type { NativeCase } from './native/native-case.ts';
import { ParserFuzz, type ParserInput } from './parsers/parser-fuzz.ts';
import { takeTurns, type Part } from './part.ts';
import type { RawRequest } from './raw-http.ts';
import { s3Garbage } from './s3/garbage.ts';
import { signed } from './s3/sign.ts';
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
const s3Key = { id: 'KeyOfTheFuzzer00001', secret: SecretString.of('a-secret-that-only-the-fuzzer-has') };
const config = parseConfig({
  ...{ data: join(folder, 'data'), keys: join(folder, 'keys'), listen: '127.0.0.1:0', adminListen: 'off' },
  ...{ minimumPartSize: 1, logLevel: 'warn', s3KeyId: s3Key.id, s3Key: s3Key.secret },
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
  const stage = await setStage(api, s3Key.id);
  const port = Number(new URL(origin).port);
  const prepare = (request: RawRequest) => signed(request, { ...s3Key, region: 'us-east-1' });
  const b2 = new RequestFuzz(port, api, stage, { name: 'b2', garbage: garbage(stage), prepare: (request) => request });
  const s3 = new RequestFuzz(port, api, stage, { name: 's3', garbage: s3Garbage(stage), prepare });
  const parsers = new ParserFuzz();
  const corpora = [readCorpus<RawRequest>('b2', stage), readCorpus<RawRequest>('s3', stage)] as const;
  const inputs = readCorpus<ParserInput>('parsers', stage);
  await b2.begin(corpora[0]);
  await s3.begin(corpora[1]);
  await parsers.begin(inputs);
  const cases = readCorpus<NativeCase>('native', stage);
  const native = nativePart();
  await native?.begin(cases);
  const turns = [
    { part: b2, weight: 2 },
    { part: s3, weight: 2 },
    { part: parsers, weight: 1 },
    ...(native === undefined ? [] : [{ part: native, weight: 1 }]),
  ];
  await takeTurns(turns, seconds * 1000, seed);
  const parts = turns.map(({ part }) => part);
  report(parts, corpora.flat().length + inputs.length + (native === undefined ? 0 : cases.length), stage);
} finally {
  await server.close(0);
  rmSync(folder, { recursive: true, force: true });
}

/** With COFFER_NATIVE=required, as CI runs it after a build, a library that is not there is a failure. */
function nativePart(): NativeFuzz | undefined {
  const library = builtLibrary();
  if (library !== undefined) return new NativeFuzz(library);
  if (process.env['COFFER_NATIVE'] === 'required') throw new Error('The native library was not built');
  console.log('native: skipped, the library was not built (pnpm build:native)');
  return undefined;
}

function report(parts: readonly Part[], corpus: number, stage: Stage): void {
  const totals = parts.map(({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0));
  const requests = totals.reduce((sum, total) => sum + total, 0);
  console.log(`fuzz: ${requests} requests and inputs (${corpus} of the corpus), seed ${seed}, ${seconds} s`);
  for (const { name, counts } of parts) console.log(`${name}: ${JSON.stringify(counts)}`);
  const findings = parts.flatMap((part) => part.findings);
  for (const finding of findings) {
    console.error(`${finding.what}: ${finding.about}`);
    console.error(`  kept as ${keep(finding, stage)}`);
  }
  // The last lines of the log say where an unexpected error came from.
  if (findings.length > 0) console.error(log.slice(-5).join(''));
  if (options.json !== undefined) {
    const statuses = Object.fromEntries(parts.map(({ name, counts }) => [name, counts]));
    mkdirSync(dirname(options.json), { recursive: true });
    writeFileSync(
      options.json,
      JSON.stringify({ passed: requests - findings.length, failed: findings.length, statuses }),
    );
  }
  // A part that tried nothing proves nothing.
  if (findings.length > 0 || totals.includes(0)) process.exitCode = 1;
}
