import { describe, expect, it } from 'vitest';
import type { Tables } from '@coffer/storage-ports';
import { DecodedSettings } from './decoded-settings.ts';

const key = Uint8Array.of(1, 0xff, 2);
const named = (bucketId: string): Tables['bucketNames'] => ({ bucketId });

function never(): never {
  throw new Error('It was decoded again');
}

describe('DecodedSettings', () => {
  it('decodes a record once per version', () => {
    const settings = new DecodedSettings();
    const first = settings.valueOf('bucketNames', key, 7, () => named('a'));
    expect(settings.valueOf('bucketNames', key, 7, never)).toBe(first);
    expect(settings.valueOf('bucketNames', key, 8, () => named('b'))).toEqual(named('b'));
    expect(settings.valueOf('bucketNames', key, 7, () => named('c'))).toEqual(named('c'));
  });

  it('does not mix up keys and tables', () => {
    const settings = new DecodedSettings();
    settings.valueOf('bucketNames', key, 7, () => named('a'));
    expect(settings.valueOf('bucketNames', Uint8Array.of(1, 0xfe, 2), 7, () => named('b'))).toEqual(named('b'));
    const bucket = { bucketId: 'c' } as Tables['buckets'];
    expect(settings.valueOf('buckets', key, 7, () => bucket)).toBe(bucket);
  });

  it('does not keep other records', () => {
    const settings = new DecodedSettings();
    const place = { bucketId: 'a', name: 'n', uploadTimestamp: 1 };
    settings.valueOf('fileIds', key, 7, () => ({ ...place, name: 'old' }));
    expect(settings.valueOf('fileIds', key, 7, () => place)).toBe(place);
  });

  it('keeps a bounded number', () => {
    const settings = new DecodedSettings();
    const keyOf = (i: number) => Uint8Array.of(i >> 8, i & 255);
    for (let i = 0; i <= 1_000; i++) settings.valueOf('bucketNames', keyOf(i), 7, () => named('a'));
    expect(settings.valueOf('bucketNames', keyOf(0), 7, () => named('b'))).toEqual(named('b'));
    expect(settings.valueOf('bucketNames', keyOf(1_000), 7, never)).toEqual(named('a'));
  });
});
