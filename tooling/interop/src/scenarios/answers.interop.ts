import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Api } from '../harness/api.ts';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { httpOnly, logged, scenarios, type World } from '../harness/scenario.ts';
import { upload } from '../harness/stored-files.ts';
import { isNewest } from '../harness/tools.ts';

interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What curl alone can show of the documentation's answers: headers and methods that no tool or SDK sends. */
const declare = (world: () => World): void => {
  let answers = 0;
  const curl = async (url: string, headers: readonly string[], ...more: readonly string[]): Promise<Answer> => {
    const answer = join(world().folder, `answer-${++answers}`);
    const [head, body] = [`${answer}-head`, `${answer}-body`];
    // Read from standard input, so that no secret is among the arguments.
    const config = [
      ...['silent', 'show-error', `url = ${JSON.stringify(url)}`, `dump-header = ${head}`, `output = ${body}`],
      ...headers.map((line) => `header = ${JSON.stringify(line)}`),
      ...more,
    ].join('\n');
    const env = clientEnvironment({ home: world().folder, caFile: world().endpoint.caFile });
    expectSuccess(await runCommand('curl', ['--config', '-'], { env, stdin: config }));
    // Before the answer's head there may be that of a 100 Continue.
    const heads = readFileSync(head, 'latin1').trim().split('\r\n\r\n');
    const [statusLine = '', ...lines] = (heads.at(-1) ?? '').split('\r\n');
    const pairs = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return { status: Number(statusLine.split(' ')[1]), headers: new Map(pairs), body: readFileSync(body, 'utf8') };
  };
  const api = async (): Promise<Api> => Api.open(world().folder, world().endpoint, world().server.credentials);

  test('ranges, conditions, POST and overrides of a download', async () => {
    const { token } = await api();
    const bucket = await world().bucket();
    const file = world().file('file', 20_000, 'text');
    await upload(world(), bucket, file, 'dir/a b', world().modes.none);
    const url = `${world().endpoint.url}/file/${bucket}/dir/a%20b`;
    const get = (...headers: readonly string[]) => curl(url, [`Authorization: ${token}`, ...headers]);
    const text = file.content.toString('utf8');
    for (const range of ['bytes=0-', 'bytes=0-19999', 'bytes=-20000']) {
      const whole = await get(`Range: ${range}`);
      expect([whole.status, whole.headers.has('content-range'), whole.body === text]).toEqual([200, false, true]);
    }
    const part = await get('Range: bytes=1-9');
    expect([part.status, part.headers.get('content-range'), part.body]).toEqual([
      ...[206, 'bytes 1-9/20000', text.slice(1, 10)],
    ]);
    const conditional = await get('Range: bytes=1-9', 'If-Range: "a"');
    expect([conditional.status, conditional.body.length]).toEqual([200, 20_000]);
    const fields = JSON.stringify({ b2ContentType: 'image/png' });
    const posted = await curl(url, [`Authorization: ${token}`], `data = ${JSON.stringify(fields)}`);
    expect([posted.status, posted.headers.get('content-type'), posted.body.length]).toEqual([200, 'image/png', 20_000]);
    const long = `${url}?b2ContentDisposition=${'x'.repeat(4_000)}&b2ContentLanguage=en${',en'.repeat(1_300)}`;
    const refused = await curl(long, [`Authorization: ${token}`]);
    // Encrypted files have room for fewer.
    const limit = isNewest ? '2048 bytes' : '7000 bytes';
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining(limit)]);
  });

  test('a second upload with the token of one that is under way', async () => {
    const client = await api();
    const name = await world().bucket();
    const { bucketId } = (await world().b2.json(['bucket', 'get', name])) as { bucketId: string };
    const { uploadUrl = '', authorizationToken = '' } = await client.call('b2_get_upload_url', { bucketId });
    const send = (fileName: string, path: string, ...more: readonly string[]) => {
      const own = [`X-Bz-File-Name: ${fileName}`, 'Content-Type: b2/x-auto', 'X-Bz-Content-Sha1: do_not_verify'];
      const lines = [`Authorization: ${authorizationToken}`, ...own];
      return curl(uploadUrl, lines, `data-binary = ${JSON.stringify(`@${path}`)}`, ...more);
    };
    const [large, small] = [world().file('large', 3_000_000).path, world().file('small', 100).path];
    const first = send('first', large, 'limit-rate = 300k');
    const temporary = join(world().server.dataFolder, 'blobs', 'tmp');
    await expect.poll(() => readdirSync(temporary).length, logged).toBe(1);
    const second = await send('second', small);
    expect(second.status).toBe(400);
    expect(second.body).toContain('more than one upload using auth token');
    expect((await first).status).toBe(200);
    expect((await send('third', small)).status).toBe(200);
  });

  test('uploads with headers that must not be there, or with no SHA-1 where one should be', async () => {
    const client = await api();
    const name = await world().bucket();
    const { bucketId } = (await world().b2.json(['bucket', 'get', name])) as { bucketId: string };
    const { uploadUrl = '', authorizationToken = '' } = await client.call('b2_get_upload_url', { bucketId });
    const content = world().file('file', 1_000).path;
    const send = (sha1: string, ...headers: readonly string[]) => {
      const own = ['X-Bz-File-Name: a', 'Content-Type: b2/x-auto', `X-Bz-Content-Sha1: ${sha1}`];
      const lines = [`Authorization: ${authorizationToken}`, ...own, ...headers];
      return curl(uploadUrl, lines, `data-binary = ${JSON.stringify(`@${content}`)}`);
    };
    for (const header of ['Content-Disposition', 'Content-Encoding', 'Content-Language', 'Content-Range', 'Expires']) {
      const refused = await send('do_not_verify', `${header}: x`);
      expect([refused.status, refused.body]).toEqual([400, expect.stringContaining(`${header} must not be included`)]);
    }
    const noHex = await send('hex_digits_at_end');
    expect([noHex.status, noHex.body]).toEqual([400, expect.stringContaining('Not a valid hex SHA1: ')]);
    expect((await send('do_not_verify')).status).toBe(200);
  });
};

scenarios('answers to curl', declare, [], httpOnly);
