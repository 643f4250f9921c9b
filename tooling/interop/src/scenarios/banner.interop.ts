import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { venvBin, workFolder } from '../harness/paths.ts';
import { ServerProcess } from '../harness/server-process.ts';
import { makeTestFile } from '../harness/test-file.ts';

/** Pastes the lines into a shell, in a folder with the `photo.jpg` they speak of. Each line must succeed. */
async function paste(lines: string, home: string): Promise<string> {
  const environment = clientEnvironment({ home });
  const env = { ...environment, PATH: `${venvBin}:${environment['PATH'] ?? ''}` };
  return expectSuccess(await runCommand('bash', ['-e'], { env, cwd: home, stdin: lines })).stdout.toString();
}

describe.each([
  { scheme: 'http', options: [] },
  { scheme: 'https', options: ['--listen', 'off'] },
])('the lines a newcomer pastes over $scheme', ({ scheme, options }) => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = new ServerProcess(mkdtempSync(join(workFolder, 'run-')), options);
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(server.folder, { recursive: true });
  });

  test('all work as printed: b2, rclone, curl', async () => {
    const { clientLines, keyId } = server.banner;
    makeTestFile(server.folder, 'photo.jpg', 50_000);
    for (const tool of ['b2 account authorize', 'rclone lsf', 'curl ']) expect(clientLines).toContain(tool);
    expect(clientLines).toContain(`${scheme}://`);
    const printed = await paste(clientLines, server.folder);
    expect(printed).toContain('\nphoto.jpg\n');
    expect(printed).toContain(`"accountId":"${keyId}"`);
    const mode = 'b2 ls --json b2://my-bucket | grep -A2 serverSideEncryption';
    const withoutBucket = clientLines.replaceAll(/^b2 (bucket|file) .*$/gm, mode);
    expect(await paste(withoutBucket, server.folder)).toContain('"mode": "SSE-B2"');
  });

  test('after a restart the key is fetched instead of printed, and it is the same', async () => {
    await server.restart();
    expect(server.banner.key).toBeUndefined();
    const lines = server.banner.clientLines.replaceAll(/^b2 (bucket|file) .*$/gm, 'b2 ls b2://my-bucket');
    const printed = await paste(`${lines}\nprintf %s "$B2_APPLICATION_KEY"\n`, server.folder);
    expect(printed.endsWith(server.credentials.key)).toBe(true);
    expect(printed).toContain('photo.jpg');
  });
});
