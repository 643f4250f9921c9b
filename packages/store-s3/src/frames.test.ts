import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { contentLength, frameData, FrameChecks, framedLength, frameLength, framesOf } from './frames.ts';
import { PartWriter } from './part-writer.ts';
import { contentOf, isSame } from './test-support/contents.ts';

const lengths = [0, 1, frameData - 1, frameData, frameData + 1, 2 * frameData, 2 * frameData + 1, 5_000_000_000];

describe('lengths', () => {
  test('of blobs and of their objects are each other’s inverse', () => {
    for (const length of lengths) expect(contentLength(framedLength(length)), String(length)).toBe(length);
  });

  test('that no blob has', () => {
    for (const stored of [0, 1, 3, frameLength + 1, frameLength + 4, 3 * frameLength + 2, -1])
      expect(contentLength(stored), String(stored)).toBeUndefined();
  });

  property.prop([fc.nat({ max: 2 ** 45 })])('are the only ones', (stored) => {
    const length = contentLength(stored);
    expect(length === undefined || framedLength(length) === stored).toBe(true);
  });
});

/** The blob in frames, in buffers of so many frames. */
function framed(blobId: string, content: Uint8Array, frames: number, pieces: readonly number[]): readonly Uint8Array[] {
  const newBuffer = () => new Uint8Array(frames * frameLength);
  const writer = new PartWriter(new FrameChecks(blobId), newBuffer());
  const parts: Uint8Array[] = [];
  for (let at = 0, i = 0; at < content.length; i++) {
    if (writer.isFull) parts.push(writer.take(newBuffer()));
    const room = writer.room();
    const piece = content.subarray(at, at + Math.min(room.length, pieces[i % pieces.length] ?? 1));
    room.set(piece);
    writer.advance(piece.length);
    at += piece.length;
  }
  parts.push(writer.take(undefined));
  return parts;
}

function opened(blobId: string, bytes: Uint8Array): Uint8Array | undefined {
  const checks = new FrameChecks(blobId);
  const contents: Uint8Array[] = [];
  for (let at = 0, index = 0; at < bytes.length; at += frameLength, index++) {
    const frame = bytes.subarray(at, at + frameLength);
    const content = checks.open(frame, index, at + frameLength >= bytes.length);
    if (content === undefined) return undefined;
    contents.push(content);
  }
  return Buffer.concat(contents);
}

const shapes = fc.record({
  length: fc.oneof(fc.constantFrom(...lengths.slice(0, 7)), fc.nat({ max: 4 * frameData })),
  frames: fc.integer({ min: 1, max: 3 }),
  pieces: fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
});

describe('frames', () => {
  property.prop([shapes], { numRuns: 40 })('come back whole, however pieces and parts are cut', (shape) => {
    const content = contentOf(shape.length);
    const parts = framed('a', content, shape.frames, shape.pieces);
    const bytes = Buffer.concat(parts);
    expect(bytes.length).toBe(framedLength(content.length));
    for (const part of parts.slice(0, -1)) expect(part.length).toBe(shape.frames * frameLength);
    expect(isSame(opened('a', bytes) ?? new Uint8Array(1), content)).toBe(true);
    expect(opened('b', bytes)).toBeUndefined();
  });

  property.prop([fc.nat({ max: 3 * frameLength - 1 }), fc.integer({ min: 1, max: 255 })], { numRuns: 40 })(
    'with any other byte are noticed',
    (at, change) => {
      const bytes = Buffer.concat(framed('a', contentOf(3 * frameData), 2, [50_000]));
      bytes[at] = (bytes[at] ?? 0) ^ change;
      expect(opened('a', bytes)).toBeUndefined();
    },
  );

  property.prop([fc.nat({ max: 400_000 }), fc.integer({ min: 1, max: 400_000 })])(
    'of a range cover it',
    (start, length) => {
      const { first, end } = framesOf({ start, length });
      expect(first * frameData <= start && start < (first + 1) * frameData).toBe(true);
      expect((end - 1) * frameData < start + length && start + length <= end * frameData).toBe(true);
    },
  );
});
