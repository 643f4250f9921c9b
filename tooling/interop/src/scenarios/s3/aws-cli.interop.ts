import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { Encryptions } from '../../harness/encryption.ts';
import { withAwsCli } from '../../harness/s3/aws-cli.ts';
import { copyingFrom, reading, writing } from '../../harness/s3/aws-encryption.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';
import type { TestFile } from '../../harness/test-file.ts';

const modes = ['none', 'sseB2', 'sseC1'] as const satisfies (keyof Encryptions)[];

/** A part of the CLI's 8 MiB and a rest. */
const large = 8_400_000;

s3Scenarios(
  'aws s3 cp',
  (world) => {
    const aws = withAwsCli(world);

    const file = (name: string, size: number, mode: keyof Encryptions): TestFile =>
      mode === 'none' ? world().file(name, size) : world().secretFile(name, size);

    const expectStored = async (uri: string, mode: keyof Encryptions, { content }: TestFile): Promise<void> => {
      const target = join(world().folder, 'downloaded');
      await aws.ok('s3', 'cp', '--no-progress', ...reading(world(), world().modes[mode]), uri, target);
      expectSameBytes(readFileSync(target), content);
    };

    test.each(modes)('up and down, small and in parts: %s', async (mode) => {
      const bucket = `s3://${await world().bucket()}`;
      for (const [name, size] of Object.entries({ empty: 0, 'smäll one': 3000, large })) {
        const source = file(name, size, mode);
        const options = writing(world(), world().modes[mode]);
        await aws.ok('s3', 'cp', '--no-progress', ...options, source.path, `${bucket}/dir/${name}`);
        await expectStored(`${bucket}/dir/${name}`, mode, source);
      }
    });

    describe.each(modes)('from %s', (from) => {
      test.each(['none', 'sseB2', 'sseC2'] as const)('a copy, small and in parts: %s', async (to) => {
        const bucket = `s3://${await world().bucket()}`;
        const { [from]: source, [to]: target } = world().modes;
        const secret = from === 'none' || to === 'none' ? 'none' : to;
        for (const [name, size] of Object.entries({ small: 3000, large })) {
          const stored = file(name, size, secret);
          await aws.ok('s3', 'cp', '--no-progress', ...writing(world(), source), stored.path, `${bucket}/${name}`);
          const options = [...copyingFrom(world(), source), ...writing(world(), target)];
          await aws.ok('s3', 'cp', '--no-progress', ...options, `${bucket}/${name}`, `${bucket}/copied/${name}`);
          await expectStored(`${bucket}/copied/${name}`, to, stored);
        }
      });
    });
  },
  { schemes: ['https', 'http'] },
);
