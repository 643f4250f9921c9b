import { Buffer } from 'node:buffer';
import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { decodeFrames } from '../collect/frames.ts';
import type { RunFolder } from '../collect/run-folder.ts';
import type { Secret } from './secret.ts';

const pieceLength = 16 * 1024 * 1024;

/** Something to be searched, in pieces that overlap by what was asked for. */
export interface Output {
  readonly label: string;
  readonly pieces: Iterable<OutputPiece> | AsyncIterable<OutputPiece>;
}

export interface OutputPiece {
  readonly bytes: Uint8Array;
  /** Where it begins. */
  readonly offset: number;
}

/** The secrets that all processes of a run registered, each once. */
export function collectedSecrets(folder: RunFolder): readonly Secret[] {
  const secrets = new Map<string, Secret>();
  for (const name of readdirSync(folder.secrets)) {
    for (const { label, bytes } of decodeFrames(readFileSync(join(folder.secrets, name)))) {
      const key = Buffer.from(bytes).toString('latin1');
      if (!secrets.has(key)) secrets.set(key, { origin: label, bytes });
    }
  }
  return [...secrets.values()];
}

/** What fixtures told and servers sent. */
export function* collectedOutputs(folder: RunFolder): Generator<Output> {
  for (const name of readdirSync(folder.outputs)) {
    for (const { label, bytes } of decodeFrames(readFileSync(join(folder.outputs, name))))
      yield { label, pieces: [{ bytes, offset: 0 }] };
  }
}

/** The names and contents of all files below a directory. `overlap`: bytes. */
export function* filesBelow(directory: string, overlap: number): Generator<Output> {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const label = relative(directory, path);
    yield { label: `name of ${label}`, pieces: [{ bytes: Buffer.from(label), offset: 0 }] };
    if (entry.isFile()) yield { label: `file ${label}`, pieces: piecesOf(path, overlap) };
  }
}

/** A file in pieces that overlap by so many bytes. */
export async function* piecesOf(path: string, overlap: number): AsyncGenerator<OutputPiece> {
  let tail = Buffer.alloc(0);
  let offset = 0;
  for await (const piece of createReadStream(path, { highWaterMark: pieceLength }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([tail, piece]);
    yield { bytes, offset };
    tail = bytes.subarray(Math.max(0, bytes.length - overlap));
    offset += bytes.length - tail.length;
  }
}
