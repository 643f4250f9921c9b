import type { HttpResponse } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mode, Shape } from '../../../packages/b2-protocol/test/tamper-scene.ts';
import { tampersOf, type Outcome, type Tamper } from '../../../packages/b2-protocol/test/tampers.ts';
import { signedRequest } from '../../../packages/s3-protocol/src/test-support/s3-client.ts';
import { childrenOf, childText } from '../../../packages/s3-protocol/src/test-support/test-server.ts';
import { S3TamperScene, type S3Subject } from './tampering/s3-tamper-scene.ts';

let tampering: S3TamperScene;
beforeAll(async () => {
  tampering = await S3TamperScene.open();
});
afterAll(() => tampering.close());

/** What a reader got: the bytes that were sent, and whether they were all. */
interface Reading {
  readonly status: number;
  readonly sent: Buffer;
  readonly complete: boolean;
}

type Headers = Readonly<Record<string, string>>;

async function read(target: string, headers: Headers): Promise<Reading> {
  const { s3 } = tampering;
  const request = signedRequest({ target, headers, key: s3.key, now: s3.now });
  return drain(await s3.handler(testRequest(request)));
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

/** What names the object to S3: with another one in the record, it is not the object that was asked for. */
const ofAnother = new Set([
  "version.fileId: another file's",
  'version.bucketId: another',
  "version.name: another file's",
  'the whole record of another file',
]);

/** Checks of one reading that nothing wrong was sent, and that a failure was told to the operator and the log. */
function checkReading(reading: Reading, expected: Buffer, { what, outcome }: Tamper): 'right' | 'failed' {
  const { events, errors } = tampering.s3;
  if (reading.status < 300) {
    expect(expected.subarray(0, reading.sent.length).equals(reading.sent)).toBe(true);
    if (reading.complete) {
      expect(reading.sent.equals(expected)).toBe(true);
      return 'right';
    }
    expect(reading.sent.length).toBeLessThan(Math.max(1, expected.length));
  }
  if (outcome === 'refused' || (ofAnother.has(what) && reading.status === 404)) {
    expect(reading.status).toBeGreaterThanOrEqual(400);
    return 'failed';
  }
  expect(errors.at(-1)).toMatchObject({ code: 'integrity' });
  const cut = { status: reading.status, incomplete: true };
  const refused = { status: 500, errorCode: 'InternalError', incomplete: false };
  expect(events.at(-1)).toMatchObject(reading.status < 300 ? cut : refused);
  return 'failed';
}

const isOfRecord = (outcome: Outcome) => outcome === 'record' || outcome === 'refused';

/** The readings of a piece: a range, or a part. */
async function checkPiece(
  subject: S3Subject,
  tamper: Tamper,
  piece: { target: string; range?: string; expected: Buffer },
) {
  const { outcome } = tamper;
  const headers = { ...subject.headers, ...(piece.range !== undefined && { Range: piece.range }) };
  const reading = await read(piece.target, headers);
  // Of an object without encryption, nothing but the length guards a piece that is not a whole blob.
  if (outcome === 'whole only' && reading.complete && reading.status < 300) return;
  const verdict = checkReading(reading, piece.expected, tamper);
  if (isOfRecord(outcome)) expect(verdict).toBe('failed');
  if (outcome === 'unnoticed') expect(verdict).toBe('right');
}

const ranges = [
  [0, 100],
  [17_000, 17_100],
] as const;

async function check(subject: S3Subject, tamper: Tamper): Promise<void> {
  const { content, headers, name, places, shape, version } = subject;
  const { outcome } = tamper;
  const target = `/my-bucket/${name}?versionId=${version.fileId}`;
  const whole = checkReading(await read(target, headers), content, tamper);
  expect(whole).toBe(outcome === 'unnoticed' ? 'right' : 'failed');
  if (shape !== 'inline') {
    for (const [start, end] of ranges) {
      const range = `bytes=${start}-${end - 1}`;
      await checkPiece(subject, tamper, { target, range, expected: content.subarray(start, end) });
    }
    await checkPiece(subject, tamper, { target, range: 'bytes=-50', expected: content.subarray(-50) });
  }
  for (const { partNumber, start, end } of places) {
    const expected = content.subarray(start, end);
    await checkPiece(subject, tamper, { target: `${target}&partNumber=${partNumber}`, expected });
  }
  await checkHeads(target, subject, outcome);
  await checkCopies(subject, tamper);
}

/** What looks at the record and not at the blobs. */
async function checkHeads(target: string, { headers }: S3Subject, outcome: Outcome): Promise<void> {
  const { s3 } = tampering;
  const head = await s3.send({ method: 'HEAD', target, headers });
  expect(head.status < 400).toBe(!isOfRecord(outcome));
  const asking = { ...headers, 'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,ObjectSize' };
  const attributes = await s3.send({ target: `${target}&attributes`, headers: asking });
  // An object of another account is shown to nobody.
  if (isOfRecord(outcome)) expect(attributes.status).toBeGreaterThanOrEqual(400);
  else expect([200, 404]).toContain(attributes.status);
}

async function checkCopies({ name, version, sourceHeaders }: S3Subject, { what, outcome }: Tamper): Promise<void> {
  const { s3 } = tampering;
  const source = { 'x-amz-copy-source': `/my-bucket/${name}?versionId=${version.fileId}`, ...sourceHeaders };
  const copied = await s3.send({ method: 'PUT', target: '/my-bucket/copy', headers: source });
  if (copied.status === 200) {
    expect(outcome).toBe('unnoticed');
    const copyId = copied.headers.get('x-amz-version-id') ?? '';
    await s3.ok({ method: 'DELETE', target: `/my-bucket/copy?versionId=${copyId}` });
  } else if (outcome !== 'refused' && outcome !== 'unnoticed' && !ofAnother.has(what)) {
    expect([copied.status, copied.code]).toEqual([500, 'InternalError']);
  }
  const listed = await s3.ok({ target: '/my-bucket?prefix=copy' });
  expect(childrenOf(listed.xml, 'Contents')).toEqual([]);
  const begun = await s3.ok({ method: 'POST', target: '/my-bucket/copy?uploads' });
  const upload = `/my-bucket/copy?uploadId=${childText(begun.xml, 'UploadId') ?? ''}`;
  const part = await s3.send({ method: 'PUT', target: `${upload}&partNumber=1`, headers: source });
  expect(part.status === 200).toBe(copied.status === 200);
  const parts = await s3.ok({ target: upload });
  expect(childrenOf(parts.xml, 'Part')).toHaveLength(part.status === 200 ? 1 : 0);
  await s3.ok({ method: 'DELETE', target: upload });
}

const modes: readonly Mode[] = ['SSE-B2', 'SSE-C', 'none'];
const shapes: readonly Shape[] = ['inline', 'blob', 'large'];
const kinds = modes.flatMap((mode) => shapes.map((shape) => ({ mode, shape })));

describe.each(kinds)('$mode, $shape: whatever is changed at rest', ({ mode, shape }) => {
  test('is noticed by readers of S3, or is named as what the format does not cover', async () => {
    const subject = await tampering.keep(mode, shape, `a-${mode}-${shape}`, 1);
    const other = await tampering.keep(mode, shape, `b-${mode}-${shape}`, 2);
    const tampers = tampersOf(subject);
    expect(tampers.length).toBeGreaterThan(35);
    const failures: string[] = [];
    for (const tamper of tampers) {
      const undo = await tamper.apply(tampering.scene, subject, other);
      try {
        await check(subject, tamper);
      } catch (error) {
        failures.push(`${tamper.what} (${tamper.outcome}): ${String(error)}`);
      } finally {
        await undo();
      }
    }
    expect(failures).toEqual([]);
    const { sent } = await read(`/my-bucket/${subject.name}`, subject.headers);
    expect(sent.equals(subject.content)).toBe(true);
  });
});

test('a name that leads to another object is damage, and gives that object to nobody', async () => {
  const subject = await tampering.keep('SSE-B2', 'blob', 'name-a', 1);
  const other = await tampering.keep('SSE-B2', 'blob', 'name-b', 2);
  const tamper = tampersOf(subject).find(({ what }) => what === 'the name leads to another file')!;
  const undo = await tamper.apply(tampering.scene, subject, other);
  const reading = await read('/my-bucket/name-a', subject.headers);
  expect(checkReading(reading, subject.content, { ...tamper, outcome: 'record' })).toBe('failed');
  await undo();
});
