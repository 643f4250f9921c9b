import { awsChunkedTarget } from './aws-chunked.ts';
import { documentTarget, xmlTarget } from './documents.ts';
import { addressTarget, copySourceTarget, encryptionTarget, headTarget } from './heads.ts';
import type { ParserTarget } from './parser-target.ts';
import { authorizationTarget, presignedTarget } from './signatures.ts';
import type { Finding, Part } from '../part.ts';

/** Every parser of S3 that the network faces. */
const targets: readonly ParserTarget[] = [
  ...[xmlTarget, documentTarget, awsChunkedTarget, authorizationTarget, presignedTarget],
  ...[copySourceTarget, addressTarget, encryptionTarget, headTarget],
];

/** An input of a parser, as the corpus has it. */
export interface ParserInput {
  readonly target: string;
  readonly input: unknown;
}

const inputsPerRound = 20;

/** Calls the parsers in this process with what is nearly valid. */
export class ParserFuzz implements Part {
  readonly name = 'parsers';
  readonly counts: Record<string, number> = {};
  readonly findings: Finding[] = [];

  async begin(corpus: readonly ParserInput[]): Promise<void> {
    for (const { target, input } of corpus) {
      const found = targets.find(({ name }) => name === target);
      if (found === undefined) throw new Error(`The corpus names a parser that there is not: ${target}`);
      await this.#try(found, input);
    }
  }

  async round(seed: number): Promise<void> {
    for (const target of targets)
      for (const input of target.sample(seed, inputsPerRound)) await this.#try(target, input);
  }

  async #try(target: ParserTarget, input: unknown): Promise<void> {
    let verdict: string;
    try {
      verdict = await target.check(input);
    } catch (error) {
      verdict = 'failed';
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const about = `${target.name} ${JSON.stringify(input).slice(0, 200)}`;
      this.findings.push({ what, about, kept: { folder: 'parsers', content: { target: target.name, input } } });
    }
    this.counts[verdict] = (this.counts[verdict] ?? 0) + 1;
  }
}
