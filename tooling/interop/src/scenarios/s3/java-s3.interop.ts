import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goEncryption, type GoHead } from '../../harness/s3/go-s3.ts';
import { hasJavaS3, javaAnswers, type JavaCall } from '../../harness/s3/java-s3.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

const partSize = 5 * 1024 * 1024;
const modes = ['none', 'sseB2', 'sseC1'] as const;

s3Scenarios('the AWS SDK for Java', (world) => {
  describe.skipIf(!hasJavaS3)('version 2', () => {
    const results = async (calls: readonly JavaCall[]): Promise<unknown[]> => {
      const answers = await javaAnswers(world(), calls);
      return answers.map(({ error, result }, index) => {
        if (error !== undefined) throw new Error(`${calls[index]?.call ?? ''}: ${error}`);
        return result;
      });
    };

    test.each(modes)('objects with %s are written, also in parts, described, read and copied', async (mode) => {
      const bucket = await world().bucket();
      const encryption = goEncryption(world().modes[mode]);
      const make = (name: string, size: number) => world()[mode === 'none' ? 'file' : 'secretFile'](name, size);
      const metadata = { colour: 'blue green' };
      const files = [
        { name: 'empty', file: make('empty', 0) },
        { name: 'dir/ü +%&?#', file: make('small', 70_000) },
        { name: 'in parts', file: make('large', partSize + 70_000) },
      ];
      const at = (index: number | string) => join(world().folder, `read-${index}`);
      const source = 'dir/ü +%&?#';
      const targets = [...modes, 'sseC2'] as const;
      const copies = targets.filter((to) => mode === 'none' || to !== 'none');
      const answers = await results([
        ...files.flatMap(({ name, file: { path } }, index): JavaCall[] => [
          { call: 'write', bucket, name, path, partSize, metadata, encryption },
          { call: 'head', bucket, name, encryption },
          { call: 'read', bucket, name, path: at(index), encryption },
        ]),
        ...copies.flatMap((to): JavaCall[] => {
          const target = { bucket, name: `copy ${to}`, encryption: goEncryption(world().modes[to]) };
          return [
            { ...target, call: 'copy', source, sourceEncryption: encryption },
            { ...target, call: 'read', path: at(to) },
          ];
        }),
      ]);
      files.forEach(({ file }, index) => {
        expect(answers[index * 3 + 1] as GoHead).toMatchObject({ size: file.content.length, metadata });
        expectSameBytes(readFileSync(at(index)), file.content);
      });
      const small = files.find(({ name }) => name === source);
      for (const to of copies) expectSameBytes(readFileSync(at(to)), small?.file.content ?? Buffer.alloc(0));
    });

    test('a wrong key and a missing one open nothing', async () => {
      const bucket = await world().bucket();
      const { sseC1, sseC2, none } = world().modes;
      const { path } = world().secretFile('secret', 5000);
      const read = { call: 'read', bucket, name: 'f', path: join(world().folder, 'read') } as const;
      const [written, ...refused] = await javaAnswers(world(), [
        { call: 'write', bucket, name: 'f', path, partSize, encryption: goEncryption(sseC1) },
        ...[sseC2, none].map((encryption): JavaCall => ({ ...read, encryption: goEncryption(encryption) })),
      ]);
      expect(written?.error).toBeUndefined();
      expect(refused).toHaveLength(2);
      for (const { error } of refused) expect(error).toMatch(/correct secret key|encrypt/i);
    });

    test('lists in pages, and many deleted at once', async () => {
      const bucket = await world().bucket();
      const { path } = world().file('f', 10);
      const names = ['a b', 'a%20b', 'a+b', 'dir/1&2', 'dir/<x>', 'ü/漢', '😀'];
      const answers = await results([
        ...names.map((name): JavaCall => ({ call: 'write', bucket, name, path, partSize })),
        { call: 'list', bucket, pageSize: 2 },
        { call: 'list', bucket, pageSize: 1000 },
        { call: 'remove', bucket, names },
        { call: 'list', bucket, pageSize: 1000 },
      ]);
      expect(answers.slice(-4)).toEqual([names, names, null, []]);
    });
  });
});
