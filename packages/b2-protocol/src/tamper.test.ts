import { attach } from '@coffer/http/node';
import type { HttpResponse } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TamperScene, type Mode, type Shape, type Subject } from '../test/tamper-scene.ts';
import { tampersOf, type Outcome, type Tamper } from '../test/tampers.ts';

let scene: TamperScene;
beforeAll(async () => {
  scene = await TamperScene.open();
});
afterAll(() => scene.close());

/** What a reader got: the bytes that were sent, and whether they were all. */
interface Reading {
  readonly status: number;
  readonly sent: Buffer;
  readonly complete: boolean;
}

async function read(target: string, subject: Subject, range?: string): Promise<Reading> {
  const headers = { Authorization: scene.server.masterToken, ...subject.headers, ...(range && { Range: range }) };
  return drain(await scene.server.handler(testRequest({ target, headers })));
}

async function drain({ status, body }: HttpResponse): Promise<Reading> {
  if (body === undefined || body instanceof Uint8Array)
    return { status, sent: Buffer.from(body ?? []), complete: true };
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of body.stream) pieces.push(piece.slice());
  } catch {
    return { status, sent: Buffer.concat(pieces), complete: false };
  }
  return { status, sent: Buffer.concat(pieces), complete: true };
}

const ranges = ['bytes=0-99', 'bytes=17000-17099', 'bytes=-50'];
const slices = (content: Buffer) => [content.subarray(0, 100), content.subarray(17_000, 17_100), content.subarray(-50)];

/**
 * Checks of one reading that nothing wrong was sent and that, if it failed, the server was told and the event says so.
 */
function checkReading(reading: Reading, expected: Buffer, outcome: Outcome): 'right' | 'failed' {
  const { events, errors } = scene.server;
  if (reading.status < 300) {
    const right = reading.sent.equals(expected);
    expect(expected.subarray(0, reading.sent.length).equals(reading.sent)).toBe(true);
    if (reading.complete) {
      expect(right).toBe(true);
      return 'right';
    }
    expect(reading.sent.length).toBeLessThan(Math.max(1, expected.length));
  }
  if (outcome === 'refused') expect(reading.status).toBeGreaterThanOrEqual(400);
  else expect(errors.at(-1)).toMatchObject({ code: 'integrity' });
  if (outcome !== 'refused') {
    const cut = { status: reading.status, incomplete: true };
    const refused = { status: 500, errorCode: 'internal_error', incomplete: false };
    expect(events.at(-1)).toMatchObject(reading.status < 300 ? cut : refused);
  }
  return 'failed';
}

async function check(subject: Subject, { outcome }: Tamper): Promise<void> {
  const { content, version } = subject;
  const byId = `/b2api/v4/b2_download_file_by_id?fileId=${version.fileId}`;
  const whole = checkReading(await read(byId, subject), content, outcome);
  expect(whole).toBe(outcome === 'unnoticed' ? 'right' : 'failed');
  if (subject.shape !== 'inline') {
    for (const [n, range] of ranges.entries()) {
      const reading = await read(byId, subject, range);
      if (outcome === 'whole only' && reading.complete) continue;
      const part = checkReading(reading, slices(content)[n]!, outcome);
      if (outcome === 'record' || outcome === 'refused') expect(part).toBe('failed');
      if (outcome === 'unnoticed') expect(part).toBe('right');
    }
  }
  const head = await scene.server.download(byId, { headers: subject.headers, head: true });
  // A HEAD looks at the record and not at the blobs.
  expect(head.status < 400).toBe(outcome !== 'record' && outcome !== 'refused');
  const info = await scene.server.call('b2_get_file_info', { fileId: version.fileId });
  expect(outcome === 'record' || outcome === 'refused' ? [404, 500, 503] : [200]).toContain(info.status);
  await checkCopy(subject, outcome);
}

async function checkCopy({ version, json }: Subject, outcome: Outcome): Promise<void> {
  const fields = { sourceFileId: version.fileId, fileName: 'copy', ...json };
  const { status, json: answer } = await scene.server.call('b2_copy_file', fields);
  if (status === 200 && 'fileId' in answer) {
    expect(outcome).toBe('unnoticed');
    await scene.server.ok('b2_delete_file_version', { fileName: 'copy', fileId: answer.fileId });
    return;
  }
  if (outcome !== 'refused' && outcome !== 'unnoticed')
    expect(answer).toMatchObject({ status: 500, code: 'internal_error' });
  expect(outcome).not.toBe('unnoticed');
  const { files } = await scene.server.ok('b2_list_file_names', { bucketId: scene.bucketId, prefix: 'copy' });
  expect(files).toEqual([]);
}

const modes: readonly Mode[] = ['SSE-B2', 'SSE-C', 'none'];
const shapes: readonly Shape[] = ['inline', 'blob', 'large'];
const kinds = modes.flatMap((mode) => shapes.map((shape) => ({ mode, shape })));

describe.each(kinds)('$mode, $shape: whatever is changed at rest', ({ mode, shape }) => {
  test('is noticed, or is named as what the format does not cover', async () => {
    const subject = await scene.keep(mode, shape, `a-${mode}-${shape}`, 1);
    const other = await scene.keep(mode, shape, `b-${mode}-${shape}`, 2);
    const tampers = tampersOf(subject);
    expect(tampers.length).toBeGreaterThan(35);
    const failures: string[] = [];
    for (const tamper of tampers) {
      const undo = await tamper.apply(scene, subject, other);
      try {
        await check(subject, tamper);
      } catch (error) {
        failures.push(`${tamper.what} (${tamper.outcome}): ${String(error)}`);
      } finally {
        await undo();
      }
    }
    expect(failures).toEqual([]);
    const { sent } = await read(`/file/my-bucket/${subject.name}`, subject);
    expect(sent.equals(subject.content)).toBe(true);
  });
});

test('a name that leads to another file is damage, and gives that file to nobody', async () => {
  const subject = await scene.keep('SSE-B2', 'blob', 'name-a', 1);
  const other = await scene.keep('SSE-B2', 'blob', 'name-b', 2);
  const { apply } = tampersOf(subject).find(({ what }) => what === 'the name leads to another file')!;
  const undo = await apply(scene, subject, other);
  const reading = await read('/file/my-bucket/name-a', subject);
  expect(checkReading(reading, subject.content, 'record')).toBe('failed');
  await undo();
});

test('over a socket: a download of a blob that is damaged behind its beginning is broken off', async () => {
  const subject = await scene.keep('SSE-B2', 'large', 'over-a-socket', 1);
  const { apply } = tampersOf(subject).find(({ what }) => what === 'blob: a bit of the end')!;
  const undo = await apply(scene, subject, subject);
  const server = createServer();
  attach(server, scene.server.handler, {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const headers = { Authorization: scene.server.masterToken };
    const request = get({ port, host: '127.0.0.1', path: '/file/my-bucket/over-a-socket', headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-length']).toBe(String(subject.content.length));
    const pieces: Buffer[] = [];
    const receive = async () => {
      for await (const piece of response) pieces.push(piece as Buffer);
    };
    await expect(receive()).rejects.toMatchObject({ code: 'ECONNRESET' });
    const received = Buffer.concat(pieces);
    expect(response.complete).toBe(false);
    expect(received.length).toBeGreaterThan(0);
    expect(received.length).toBeLessThan(subject.content.length);
    expect(subject.content.subarray(0, received.length).equals(received)).toBe(true);
    expect(scene.server.errors.at(-1)).toMatchObject({ code: 'integrity' });
    expect(scene.server.events.at(-1)).toMatchObject({ status: 200, incomplete: true });
  } finally {
    server.closeAllConnections();
    server.close();
    await undo();
  }
});
