import { beforeEach, describe, expect, it } from 'vitest';
import type { Mode } from './customer-keys.ts';
import { openTwoFaces, type TwoFaces } from './two-faces.ts';
import { b2Wire } from './wires/b2-wire.ts';
import { s3Wire } from './wires/s3-wire.ts';
import type { BucketNames, Made, VersionNames, Wire } from './wires/wire.ts';

const modes: readonly Mode[] = ['none', 'SSE-B2', 'SSE-C 1'];
const directions = [
  ['b2', 's3'],
  ['s3', 'b2'],
] as const;
const kinds = directions.flatMap(([writer, reader]) => modes.map((mode) => ({ writer, reader, mode })));

/** Of one blob with its record, of one on its own, and of several chunks of encryption. */
const contents = ['', 'short', 'x'.repeat(300), 'long '.repeat(7_000)];

let faces: TwoFaces;
let bucket: BucketNames;
let wires: { readonly b2: Wire; readonly s3: Wire };
beforeEach(async () => {
  faces = await openTwoFaces();
  wires = { b2: b2Wire(faces.b2), s3: s3Wire(faces.s3) };
  bucket = { name: 'bucket', bucketId: await faces.s3.createBucket('bucket') };
});

function madeBy(made: Made): string {
  expect(made).toMatchObject({ done: true });
  return made.done ? made.fileId : '';
}

describe.each(kinds)('a file with $mode that $writer wrote', ({ writer: writerName, reader: readerName, mode }) => {
  const both = () => ({ writer: wires[writerName], reader: wires[readerName] });
  const written = async (name: string, data: string): Promise<VersionNames> => {
    const fileId = madeBy(await both().writer.put(bucket, name, data, mode));
    return { name, fileId, mode };
  };

  it(`is read and listed by ${readerName}`, async () => {
    const { writer, reader } = both();
    for (const [index, data] of contents.entries()) {
      const version = await written(`folder/ü ${index}`, data);
      for (const wire of [reader, writer]) {
        expect(await wire.read(bucket, version)).toEqual({ status: 200, text: data });
        expect(await wire.readName(bucket, version.name, mode)).toEqual({ status: 200, text: data });
        if (mode !== 'SSE-C 1') continue;
        expect((await wire.read(bucket, version, { mode: 'none' })).status).toBe(400);
        expect((await wire.read(bucket, version, { mode: 'SSE-C 2' })).status).toBe(403);
      }
    }
    expect(await reader.listVersions(bucket)).toEqual(await writer.listVersions(bucket));
    expect((await reader.listVersions(bucket)).map(({ size }) => size)).toEqual(contents.map(({ length }) => length));
    expect(await reader.listNames(bucket, '', '/')).toEqual(['folder/']);
    expect(await reader.listNames(bucket, 'folder/', '/')).toEqual(contents.map((_, index) => `folder/ü ${index}`));
  });

  it(`is copied by ${readerName} to every encryption`, async () => {
    const { writer, reader } = both();
    const data = contents[3] ?? '';
    const source = await written('source', data);
    for (const target of ['none', 'SSE-B2', 'SSE-C 1', 'SSE-C 2'] as const) {
      const fileId = madeBy(await reader.copy(bucket, source, bucket, 'copy', target));
      for (const wire of [reader, writer]) {
        expect(await wire.read(bucket, { name: 'copy', fileId, mode: target })).toEqual({ status: 200, text: data });
      }
    }
  });

  it(`is hidden by ${readerName}, and comes back when either removes the marker`, async () => {
    const { writer, reader } = both();
    for (const remover of [reader, writer]) {
      await written('name', 'content');
      const marker = madeBy(await reader.hide(bucket, 'name'));
      for (const wire of [reader, writer]) {
        expect((await wire.readName(bucket, 'name', mode)).status).toBe(404);
        expect(await wire.listNames(bucket, '', '')).toEqual([]);
        const [newest] = await wire.listVersions(bucket);
        expect(newest).toMatchObject({ action: 'hide', fileId: marker, size: 0 });
      }
      await remover.deleteVersion(bucket, { name: 'name', fileId: marker, mode: 'none' }, false);
      for (const wire of [reader, writer]) expect((await wire.readName(bucket, 'name', mode)).text).toBe('content');
    }
  });

  it(`is deleted by ${readerName}, and what lies under it is current again`, async () => {
    const { writer, reader } = both();
    await written('name', 'older');
    const newer = await written('name', 'newer');
    expect(await reader.deleteVersion(bucket, newer, false)).toEqual({ done: true });
    for (const wire of [reader, writer]) {
      expect(await wire.readName(bucket, 'name', mode)).toEqual({ status: 200, text: 'older' });
      expect((await wire.read(bucket, newer)).status).toBe(404);
    }
    expect(await faces.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, leftovers: 0 });
  });

  it(`is overwritten by ${readerName}`, async () => {
    const { writer, reader } = both();
    const older = await written('name', 'older');
    await reader.put(bucket, 'name', 'newer', 'none');
    for (const wire of [reader, writer]) {
      expect((await wire.readName(bucket, 'name', 'none')).text).toBe('newer');
      expect((await wire.read(bucket, older)).text).toBe('older');
    }
  });
});

describe('names that only S3 makes', () => {
  it.each(['/leading', 'trailing/', 'a//b', '.', '../up'])(
    '%s are files to the native API all the same',
    async (name) => {
      const fileId = madeBy(await wires.s3.put(bucket, name, 'content', 'none'));
      expect(await wires.b2.read(bucket, { name, fileId, mode: 'none' })).toEqual({ status: 200, text: 'content' });
      expect(await wires.b2.listNames(bucket, '', '')).toEqual([name]);
      const copy = madeBy(await wires.b2.copy(bucket, { name, fileId, mode: 'none' }, bucket, 'copy', 'none'));
      expect((await wires.s3.read(bucket, { name: 'copy', fileId: copy, mode: 'none' })).text).toBe('content');
      expect(await wires.b2.deleteVersion(bucket, { name, fileId, mode: 'none' }, false)).toEqual({ done: true });
      expect((await wires.s3.readName(bucket, name, 'none')).status).toBe(404);
    },
  );
});
