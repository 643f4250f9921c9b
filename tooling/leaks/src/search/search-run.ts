import type { RunFolder } from '../collect/run-folder.ts';
import { collectedOutputs, collectedSecrets, filesBelow, type Output } from './collected.ts';
import { isExcepted } from './exceptions.ts';
import { isSearchable } from './secret.ts';
import { SecretSearch, type Hit } from './secret-search.ts';

/** A leak. Says which secret and where, never its bytes. */
export interface Finding {
  /** Where the secret came into being. */
  readonly secret: string;
  readonly form: string;
  readonly output: string;
  readonly offset: number;
}

/** What was searched, for what, and what was found. */
export interface SearchReport {
  /** Different ones. */
  readonly secrets: number;
  /** Too short, or of too few different bytes, to be told from chance; not searched for. */
  readonly unsearchable: number;
  /** Ways of writing the secrets down. */
  readonly forms: number;
  /** By kind, such as `log`. */
  readonly outputs: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Places where a secret belongs. */
  readonly excepted: number;
  readonly findings: readonly Finding[];
}

/** Searches all that a run collected, and the texts that are given besides, by name. */
export async function searchRun(folder: RunFolder, besides: Iterable<Output> = []): Promise<SearchReport> {
  const all = collectedSecrets(folder);
  const secrets = all.filter(isSearchable);
  const search = new SecretSearch(secrets);
  const outputs: Record<string, number> = {};
  const findings: Finding[] = [];
  let bytes = 0;
  let excepted = 0;
  for (const output of outputsOf(folder, besides, search.longestForm)) {
    const kind = /^\w+/.exec(output.label)?.[0] ?? 'unnamed';
    outputs[kind] = (outputs[kind] ?? 0) + 1;
    for await (const piece of output.pieces) {
      bytes += piece.bytes.length;
      for (const hit of search.find(piece.bytes)) {
        if (isExcepted(output.label, hit)) excepted++;
        else findings.push(findingOf(hit, output.label, piece.offset));
      }
    }
  }
  const unsearchable = all.length - secrets.length;
  return { secrets: all.length, unsearchable, forms: search.patternCount, outputs, bytes, excepted, findings };
}

function* outputsOf(folder: RunFolder, besides: Iterable<Output>, overlap: number): Generator<Output> {
  yield* besides;
  yield* collectedOutputs(folder);
  yield* filesBelow(folder.held, overlap);
  yield* filesBelow(folder.temporary, overlap);
}

function findingOf({ secret, form, offset }: Hit, output: string, start: number): Finding {
  return { secret: secret.origin, form, output, offset: start + offset };
}
