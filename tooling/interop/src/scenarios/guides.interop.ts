import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientEnvironment } from '../harness/client-environment.ts';
import { isAsShown, PastingShell, shownCommands, shownFiles } from '../harness/console.ts';
import { repository, s3VenvBin, serverEntry, venvBin } from '../harness/paths.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { withServer } from '../harness/with-server.ts';

const guideFolder = join(repository, 'docs/guides');
const guides = readdirSync(guideFolder).flatMap((name) => {
  const text = readFileSync(join(guideFolder, name), 'utf8');
  return shownCommands(text).length === 0 ? [] : [{ name, text }];
});

/** The folder in which the reader of a guide has started the server, with a command `coffer`. */
function readersFolder(server: ServerProcess, guide: string): { folder: string; env: Record<string, string> } {
  const folder = join(server.folder, guide);
  mkdirSync(join(folder, '.bin'), { recursive: true });
  symlinkSync(join(server.folder, 'data-tls'), join(folder, 'data-tls'));
  writeFileSync(join(folder, '.bin/coffer'), `#!/bin/sh\nexec ${process.execPath} ${serverEntry} "$@"\n`, {
    mode: 0o755,
  });
  const variables = { COFFER_DATA: server.dataFolder, COFFER_KEYS: join(server.folder, 'keys') };
  const env = clientEnvironment({ home: folder, variables });
  // Each of the two has a Python of its own, with the library that the guide is about.
  const programs = guide.startsWith('b2') ? [venvBin, s3VenvBin] : [s3VenvBin, venvBin];
  return { folder, env: { ...env, PATH: [join(folder, '.bin'), ...programs, env['PATH']].join(':') } };
}

describe('the guides', () => {
  const server = withServer(['--bucket', 'photos:SSE-B2']);

  /** The text with the addresses of this server. */
  const addressed = (text: string): string => {
    const { http = '', https = '' } = server().banner;
    return text.replaceAll('https://127.0.0.1:8943', https).replaceAll('127.0.0.1:8920', http.replace('http://', ''));
  };

  test('those with commands are found', () => {
    const clients = ['b2-cli', 'b2sdk', 'aws-cli', 'boto3', 'aws-sdk-js', 'rclone', 'restic', 's3cmd', 's3fs'];
    expect(guides.map(({ name }) => name)).toEqual(expect.arrayContaining(clients.map((name) => `${name}.md`)));
  });

  test.each(guides)('$name works line by line', async ({ name, text }) => {
    const { folder, env } = readersFolder(server(), name);
    for (const file of shownFiles(addressed(text))) writeFileSync(join(folder, file.name), file.content);
    const shell = new PastingShell(folder, env);
    for (const { command, output } of shownCommands(addressed(text))) {
      const printed = await shell.paste(command);
      if (!isAsShown(printed, output)) {
        throw new Error(`$ ${command}\n${printed}\nThe guide shows\n${output.join('\n')}`);
      }
    }
    shell.close();
  });
});
