import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goAnswers, goEncryption, goResult, type GoCall, type GoHead } from '../../harness/s3/go-s3.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

const partSize = 5 * 1024 * 1024;
const largeSize = partSize + 70_000;
const modes = ['none', 'sseB2', 'sseC1'] as const;

s3Scenarios('libraries for Go', (world) => {
  describe.each(['aws', 'minio'] as const)('%s', (library) => {
    const run = async (call: GoCall): Promise<unknown> => goResult(world(), library, call);
    const expectRead = async (call: Omit<GoCall, 'call'>, expected: Uint8Array): Promise<void> => {
      const path = join(world().folder, 'read');
      await run({ bucket: '', ...call, call: 'read', path });
      expectSameBytes(readFileSync(path), expected);
    };

    test.each(modes)('objects and parts with %s are written, described, read and copied', async (mode) => {
      const bucket = await world().bucket();
      const encryption = goEncryption(world().modes[mode]);
      const make = (name: string, size: number) => world()[mode === 'none' ? 'file' : 'secretFile'](name, size);
      const [small, large] = [make('small', 70_000), make('large', largeSize)];
      const metadata = { colour: 'blue green' };
      const cases = [
        { name: 'empty', file: make('empty', 0), streamed: false, parts: 0 },
        { name: 'dir/ü +%&?#', file: small, streamed: false, parts: 0 },
        { name: 'streamed', file: small, streamed: true },
        { name: 'large', file: large, streamed: false, parts: 2 },
        { name: 'large, streamed', file: large, streamed: true, parts: 2 },
      ];
      for (const { name, file, streamed, parts } of cases) {
        const write = { call: 'write', path: file.path, streamed, partSize, metadata } as const;
        await run({ ...write, bucket, name, encryption });
        const shown = (await run({ call: 'head', bucket, name, encryption })) as GoHead;
        expect(shown.size).toBe(file.content.length);
        const lowered = Object.entries(shown.metadata).map(([key, value]) => [key.toLowerCase(), value]);
        expect(Object.fromEntries(lowered)).toEqual(metadata);
        await expectRead({ bucket, name, encryption }, file.content);
        if (parts === 2) {
          expect(await run({ call: 'parts', bucket, name, encryption })).toEqual([partSize, 70_000]);
        }
      }
      for (const to of [...modes, 'sseC2'] as const) {
        const target = goEncryption(world().modes[to]);
        if (mode !== 'none' && to === 'none') continue;
        const source = 'dir/ü +%&?#';
        const copy = { call: 'copy', source, sourceEncryption: encryption, encryption: target } as const;
        await run({ ...copy, bucket, name: `copy ${to}` });
        await expectRead({ bucket, name: `copy ${to}`, encryption: target }, small.content);
      }
    });

    test('a wrong key and a missing one open nothing', async () => {
      const bucket = await world().bucket();
      const { sseC1, sseC2, none } = world().modes;
      const { path } = world().secretFile('secret', 5000);
      await run({ call: 'write', bucket, name: 'f', path, partSize, encryption: goEncryption(sseC1) });
      const read = { call: 'read', bucket, name: 'f', path: join(world().folder, 'read') } as const;
      const wrong = [sseC2, none].map((encryption): GoCall => ({ ...read, encryption: goEncryption(encryption) }));
      const answers = await goAnswers(world(), library, wrong);
      for (const { error } of answers) expect(error).toMatch(/denied|encrypt/i);
    });

    test('lists in pages, and many deleted at once', async () => {
      const bucket = await world().bucket();
      const { path } = world().file('f', 10);
      const names = ['a b', 'a%20b', 'a+b', 'dir/1&2', 'dir/<x>', 'ü/漢', '😀'];
      const none = goEncryption(world().modes.none);
      const writes = names.map((name): GoCall => ({ call: 'write', bucket, name, path, partSize, encryption: none }));
      for (const { error } of await goAnswers(world(), library, writes)) expect(error).toBeUndefined();
      for (const pageSize of [2, 1000]) expect(await run({ call: 'list', bucket, pageSize })).toEqual(names);
      await run({ call: 'remove', bucket, names });
      expect(await run({ call: 'list', bucket, pageSize: 1000 })).toEqual([]);
    });
  });
});
