import { searchDirectory } from '@coffer/storage-testkit';
import { describe, expect, test } from 'vitest';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { s3VenvBin, venvBin } from '../harness/paths.ts';
import { withServer } from '../harness/with-server.ts';

/** Through `cat`, since the tool cannot open a standard output that is a socket. */
const readingLine = 'b2 file cat b2://my-bucket/hello.txt | cat';

/** Runs the lines in a shell. Each must succeed. */
async function paste(lines: string, home: string): Promise<string> {
  const environment = clientEnvironment({ home });
  const env = { ...environment, PATH: `${s3VenvBin}:${venvBin}:${environment['PATH'] ?? ''}` };
  return expectSuccess(
    await runCommand('bash', ['-e', '-o', 'pipefail', '-c', lines], { env, cwd: home }),
  ).stdout.toString();
}

describe.each([
  { scheme: 'http', options: [] },
  { scheme: 'https', options: ['--listen', 'off'] },
])('the lines a newcomer pastes over $scheme', ({ scheme, options }) => {
  const server = withServer(options);

  test('all work as printed: b2, rclone, curl, and for S3 the AWS CLI, boto3, rclone, restic', async () => {
    const { clientLines, key, keyId } = server().banner;
    expect(key).toBeUndefined();
    const tools = ['b2 account authorize', 'rclone lsf', 'curl ', 'aws s3 mb', 'python3 -c', 'restic'];
    for (const tool of tools) expect(clientLines).toContain(`\n${tool}`);
    expect(clientLines).toContain('rclone lsf :s3:');
    expect(clientLines).toContain(`${scheme}://`);
    const printed = await paste(clientLines, server().folder);
    expect(printed).toContain('"mode": "SSE-B2"');
    expect(printed).toContain('\nhello.txt\n');
    expect(printed).toContain(`"accountId":"${keyId}"`);
    expect(printed).toContain('upload: ./hello.txt to s3://my-s3-bucket/hello-s3.txt');
    expect(printed).toContain("['my-bucket', 'my-s3-bucket']");
    expect(printed).toContain('\nhello-s3.txt\n');
    expect(printed).toMatch(/snapshot [0-9a-f]+ saved/);
    const secrets = { content: Buffer.from('hello world') };
    expect(await searchDirectory({ secrets }, server().dataFolder)).toEqual([]);
  });

  test('all work after a restart too, make nothing again, and fetch the same key', async () => {
    await server().restart();
    expect(server().banner.key).toBeUndefined();
    const lines = server().banner.clientLines;
    const printed = await paste(`${lines}\n${readingLine}\nprintf %s "$B2_APPLICATION_KEY"\n`, server().folder);
    expect(printed.endsWith(`hello world\n${server().credentials.key}`)).toBe(true);
    // Of b2, of rclone's two backends and of the AWS CLI.
    expect(printed.match(/ my-bucket\n/g)).toHaveLength(4);
  });
});
