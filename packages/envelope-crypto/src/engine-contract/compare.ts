import assert from 'node:assert/strict';
import { CHUNK_LENGTH, SEALED_CHUNK_LENGTH, TAG_LENGTH } from '../blob-layout.ts';
import type { ChunkEngine, ChunkWorker } from '../chunk-engine.ts';
import { EnvelopeError } from '../envelope-error.ts';
import { bothWays, chunksOf, withWorker, type Way } from './run.ts';

/** A run of chunks, and what is done to it. */
export interface RunOfChunks {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** The place of the first chunk; the run ends before the format's limit. */
  readonly first: number;
  readonly plaintext: Uint8Array;
  /** Whether an empty chunk follows where the plaintext ends with a full one. */
  readonly emptyLast: boolean;
  /** How many chunks each call gets, over and over; at least one number, each at least 1. */
  readonly cuts: readonly number[];
  /** Where sealed bytes are changed before they are opened a second time: parts of the whole, from 0 to below 1. */
  readonly damage: readonly number[];
}

/** All that an engine makes of a run. */
interface Outcome {
  readonly sealed: Uint8Array;
  readonly opened: Uint8Array;
  /** What is in memory after the damaged run was opened, and the refusals on the way. */
  readonly afterDamage: Uint8Array;
  readonly refusals: readonly string[];
}

/**
 * Has both engines seal and open a run, cut into calls as `run.cuts` says, and open it again damaged; compares the
 * bytes, the refusals and what a refusal leaves in memory.
 *
 * @throws AssertionError where they differ, or do not open what they sealed.
 */
export async function compareEngines(one: ChunkEngine, other: ChunkEngine, run: RunOfChunks): Promise<void> {
  const outcomes = [...(await outcomesOf(one, run)), ...(await outcomesOf(other, run))];
  for (const outcome of outcomes) {
    assert.deepEqual(outcome.opened, run.plaintext);
    assert.deepEqual(outcome, outcomes[0]);
  }
}

async function outcomesOf(engine: ChunkEngine, run: RunOfChunks): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await bothWays(engine, async (way) => {
    const add = async (worker: ChunkWorker) => void outcomes.push(await outcomeOf(worker, way, run));
    await withWorker(engine, add, run.key, run.nonce);
  });
  return outcomes;
}

async function outcomeOf(worker: ChunkWorker, way: Way, run: RunOfChunks): Promise<Outcome> {
  const { plaintext, emptyLast, damage } = run;
  const ends = emptyLast && plaintext.length > 0 && plaintext.length % CHUNK_LENGTH === 0;
  const sealed = new Uint8Array(plaintext.length + TAG_LENGTH * (chunksOf(plaintext.length) + (ends ? 1 : 0)));
  const opened = new Uint8Array(plaintext.length).fill(0xaa);
  const afterDamage = opened.slice();
  const refusals: string[] = [];
  for (const { first, open, stored } of callsOf(run, sealed))
    await way.seal(worker, first, open(plaintext), stored(sealed));
  for (const { first, open, stored } of callsOf(run, sealed))
    await way.open(worker, first, stored(sealed), open(opened));
  const damaged = sealed.slice();
  for (const part of damage) {
    const at = Math.floor(part * damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
  }
  for (const { first, open, stored } of callsOf(run, sealed))
    await way.open(worker, first, stored(damaged), open(afterDamage)).catch((error: unknown) => {
      if (!(error instanceof EnvelopeError)) throw error;
      refusals.push(`${error.code}: ${error.message}`);
    });
  return { sealed, opened, afterDamage, refusals };
}

/** The calls that a run is cut into: the place of each, and its share of an array of plaintext or of sealed bytes. */
function* callsOf({ first, cuts }: RunOfChunks, sealed: Uint8Array) {
  for (let at = 0, i = 0; at * SEALED_CHUNK_LENGTH < sealed.length; i++) {
    const start = at;
    at += cuts[i % cuts.length] ?? 1;
    const end = at;
    yield {
      first: first + start,
      open: (bytes: Uint8Array) => bytes.subarray(start * CHUNK_LENGTH, end * CHUNK_LENGTH),
      stored: (bytes: Uint8Array) => bytes.subarray(start * SEALED_CHUNK_LENGTH, end * SEALED_CHUNK_LENGTH),
    };
  }
}
