import { collect, streamOf } from '@coffer/bytes';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { bytesOf } from './test-support/scene.ts';
import { readZip } from './test-support/read-zip.ts';
import { zipSizeAtMost } from './zip-size.ts';
import { zipOf, type ZipEntry } from './zip-stream.ts';

const modified = Date.UTC(2026, 1, 3, 4, 5, 6);
const limit = 100_000_000;

async function* entriesOf(files: Iterable<readonly [string, Uint8Array]>): AsyncGenerator<ZipEntry, void> {
  for (const [name, content] of files) {
    await Promise.resolve();
    yield { name, modified, ...(!name.endsWith('/') && { content: streamOf(content) }) };
  }
}

describe('a ZIP file', () => {
  property.prop([
    fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z\u00e9\u{1f600}]{1,9}$/u), fc.uint8Array({ maxLength: 100 })), {
      selector: ([name]) => name,
      maxLength: 20,
    }),
  ])('is read back by another library, the same each time, and not larger than was said', async (files) => {
    const bytes = await collect(zipOf(entriesOf(files)), limit);
    expect(await readZip(bytes)).toEqual(files);
    expect(await collect(zipOf(entriesOf(files)), limit)).toEqual(bytes);
    const total = files.reduce((sum, [, content]) => sum + content.length, 0);
    expect(bytes.length).toBeLessThanOrEqual(zipSizeAtMost({ files: files.length, bytes: total }));
  });

  test('is the same in every time zone', async () => {
    const zone = process.env['TZ'];
    try {
      const made: Uint8Array[] = [];
      for (const other of ['UTC', 'Asia/Kathmandu', 'America/Los_Angeles']) {
        process.env['TZ'] = other;
        made.push(await collect(zipOf(entriesOf([['a', bytesOf(3)]])), limit));
      }
      expect(made[1]).toEqual(made[0]);
      expect(made[2]).toEqual(made[0]);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test.each([0, 1, 65_534, 65_535])('of %i files names them all', async (count) => {
    const files = Array.from({ length: count }, (_, number) => [`f${number}`, new Uint8Array(0)] as const);
    const read = await readZip(await collect(zipOf(entriesOf(files)), limit));
    expect(read.length).toBe(count);
    expect(read.at(-1)?.[0]).toBe(count === 0 ? undefined : `f${count - 1}`);
  });

  test('has folders', async () => {
    const bytes = await collect(
      zipOf(
        entriesOf([
          ['a/', new Uint8Array(0)],
          ['a/b', bytesOf(2)],
        ]),
      ),
      limit,
    );
    expect(await readZip(bytes)).toEqual([
      ['a/', new Uint8Array(0)],
      ['a/b', bytesOf(2)],
    ]);
  });

  test('has times that no ZIP file can have moved to the next that it can', async () => {
    for (const time of [0, Date.UTC(2200, 1)]) {
      const entry = { name: 'a', modified: time, content: streamOf(bytesOf(1)) };
      expect(
        await readZip(
          await collect(
            zipOf(
              (async function* () {
                await Promise.resolve();
                yield entry;
              })(),
            ),
            limit,
          ),
        ),
      ).toHaveLength(1);
    }
  });
});

/** Counts what is asked for, and whether it was ended. */
function watched() {
  const seen = { pieces: 0, contentEnded: false, entriesEnded: false };
  async function* content() {
    try {
      for (;;) {
        await Promise.resolve();
        seen.pieces++;
        yield bytesOf(1_000);
      }
    } finally {
      seen.contentEnded = true;
    }
  }
  async function* entries(): AsyncGenerator<ZipEntry, void> {
    try {
      await Promise.resolve();
      yield { name: 'a', modified, content: content() };
    } finally {
      seen.entriesEnded = true;
    }
  }
  return { seen, entries };
}

describe('while it is made', () => {
  test('little is read ahead, and leaving it early ends what it is made of', async () => {
    const { seen, entries } = watched();
    let length = 0;
    for await (const piece of zipOf(entries())) {
      length += piece.length;
      expect(seen.pieces).toBeLessThanOrEqual(length / 1_000 + 4);
      if (length > 20_000) break;
    }
    expect(seen).toMatchObject({ contentEnded: true, entriesEnded: true });
  });

  test('errors of what it is made of come through', async () => {
    const failure = new TypeError('no more');
    const { seen, entries } = watched();
    const failing = (async function* (): AsyncGenerator<ZipEntry, void> {
      await Promise.resolve();
      yield { name: 'a', modified, content: streamOf(bytesOf(5)) };
      throw failure;
    })();
    await expect(collect(zipOf(failing), limit)).rejects.toBe(failure);
    const inside = (async function* () {
      await Promise.resolve();
      yield bytesOf(5);
      throw failure;
    })();
    const around = (async function* (): AsyncGenerator<ZipEntry, void> {
      await Promise.resolve();
      yield { name: 'a', modified, content: inside };
      yield* entries();
    })();
    await expect(collect(zipOf(around), limit)).rejects.toBe(failure);
    expect(seen.pieces).toBe(0);
  });
});
