import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativeCase, type NativeCase } from './native-case.ts';
import type { CasesReport } from './run-cases.ts';
import type { Finding, Part } from '../part.ts';

const casesPerRound = 300;
/** Milliseconds after which a process that runs cases hangs; it needs some seconds on a busy machine. */
const hangsAfter = 120_000;
const program = fileURLToPath(new URL('./run-cases.js', import.meta.url));

/** Where the library is that was built here; undefined where none was. */
export function builtLibrary(): string | undefined {
  const own = createRequire(import.meta.url).resolve('@coffer/envelope-native/package.json');
  const library = join(dirname(own), 'native/coffer-envelope.node');
  return existsSync(library) ? library : undefined;
}

/**
 * Calls the native library with what nobody should call it with, and compares what it does with the engine in
 * TypeScript. Each round is a process of its own, so that a crash is a finding and not the end.
 */
export class NativeFuzz implements Part {
  readonly name = 'native';
  readonly counts: Record<string, number> = {};
  readonly findings: Finding[] = [];
  readonly #library: string;
  readonly #program: string;

  constructor(library: string, runCases = program) {
    this.#library = library;
    this.#program = runCases;
  }

  async begin(corpus: readonly NativeCase[]): Promise<void> {
    if (corpus.length > 0) await this.#run(corpus);
  }

  async round(seed: number): Promise<void> {
    await this.#run(fc.sample(nativeCase, { seed, numRuns: casesPerRound }));
  }

  async #run(cases: readonly NativeCase[]): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'coffer-fuzz-native-'));
    try {
      const [given, at] = [join(folder, 'cases.json'), join(folder, 'index')];
      writeFileSync(given, JSON.stringify(cases));
      const child = spawn(process.execPath, ['--expose-gc', this.#program, this.#library, given, at], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = { stdout: '', stderr: '' };
      child.stdout.on('data', (piece: Buffer) => (output.stdout += piece.toString()));
      child.stderr.on('data', (piece: Buffer) => (output.stderr += piece.toString()));
      const hanging = setTimeout(() => child.kill('SIGKILL'), hangsAfter);
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
      clearTimeout(hanging);
      if (code === 0) this.#add(cases, JSON.parse(output.stdout) as CasesReport);
      else {
        const index = existsSync(at) ? Number(readFileSync(at, 'utf8')) : 0;
        const how = signal === null ? `code ${code}` : `signal ${signal}`;
        this.#found(cases[index], `the process ended with ${how}\n${output.stderr.slice(0, 2_000)}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #add(cases: readonly NativeCase[], { counts, failures }: CasesReport): void {
    for (const [outcome, count] of Object.entries(counts)) this.counts[outcome] = (this.counts[outcome] ?? 0) + count;
    for (const { index, what } of failures) this.#found(cases[index], what);
  }

  #found(content: NativeCase | undefined, what: string): void {
    this.counts['failed'] = (this.counts['failed'] ?? 0) + 1;
    const about = JSON.stringify(content ?? {}).slice(0, 200);
    this.findings.push({ what, about, kept: { folder: 'native', content: content ?? {} } });
  }
}
