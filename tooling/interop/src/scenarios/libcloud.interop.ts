import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythonScript, venvBin } from '../harness/paths.ts';
import { expectSameBytes } from '../harness/stored-files.ts';
import { sha1 } from '../harness/test-file.ts';
import { withRealName } from '../harness/with-real-name.ts';

describe('libcloud', () => {
  const world = withRealName();
  const python = (script: string, stdin: object): Promise<string> =>
    world().ok([join(venvBin, 'python'), pythonScript(script)], {}, JSON.stringify(stdin));

  test('a container is made, filled, listed, read, emptied and deleted', async () => {
    const { folder, bucket, server } = world();
    const target = join(folder, 'down');
    mkdirSync(target);
    const { path, content } = world().secretFile(folder, 'up', 200_000);
    const session = { ...server.credentials, bucket, path, folder: target };
    const seen = JSON.parse(await python('libcloud_session.py', session)) as Record<string, unknown>;
    console.log(`  libcloud is ${String(seen['version'])}`);
    for (const name of ['file', 'stream']) expectSameBytes(readFileSync(join(target, name)), content);
    const digest = sha1(content);
    expect(seen).toMatchObject({
      containers: [bucket],
      listed: [
        ['dir/from file', content.length, digest, { colour: 'blue' }],
        ['streamed', content.length, digest, {}],
      ],
      below: ['dir/from file'],
      information: [['dir/from file', content.length, digest, { colour: 'blue' }]],
      missing: ['ContainerDoesNotExistError', 'ObjectDoesNotExistError', 'InvalidCredsError'],
      removed: {
        visible: ['dir/from file'],
        versions: ['dir/from file', 'streamed', 'streamed'],
        deleted: [true, true, true],
      },
      containerDeleted: true,
      containersLeft: [],
      version: expect.stringMatching(/^3\./) as string,
    });
  });
});
