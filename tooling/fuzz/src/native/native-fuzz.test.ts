import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { NativeFuzz } from './native-fuzz.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-fuzz-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A program in the place of the one that runs cases; its last argument is the file for the number of the case. */
function fuzzWith(code: string): NativeFuzz {
  const program = join(folder, 'program.mjs');
  writeFileSync(program, `import { writeFileSync } from 'node:fs';\nwriteFileSync(process.argv[4], '1');\n${code}`);
  return new NativeFuzz('', program);
}

const cases = [1, 2, 3].map((length) => ({ memories: [{ kind: 'plain' as const, length }], steps: [] }));

it.each([
  ['is killed by the system', "process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1_000);", 'signal SIGSEGV'],
  ['ends with a code', "console.error('panicked'); process.exit(134);", 'code 134\npanicked'],
])('a process that %s is a finding, about the case that it was at', async (_, code, what) => {
  const fuzz = fuzzWith(code);
  await fuzz.begin(cases);
  expect(fuzz.findings).toMatchObject([{ kept: { folder: 'native', content: cases[1] } }]);
  expect(fuzz.findings[0]?.what).toContain(what);
  expect(fuzz.counts).toEqual({ failed: 1 });
});

it('what a process reports is counted, and its failures are findings', async () => {
  const report = { counts: { answered: 3 }, failures: [{ index: 2, what: 'threw string' }] };
  const fuzz = fuzzWith(`console.log(${JSON.stringify(JSON.stringify(report))});`);
  await fuzz.begin(cases);
  expect(fuzz.counts).toEqual({ answered: 3, failed: 1 });
  expect(fuzz.findings).toMatchObject([{ what: 'threw string', kept: { content: cases[2] } }]);
});
