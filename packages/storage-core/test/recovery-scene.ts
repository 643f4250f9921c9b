import { streamOf } from '@coffer/bytes';
import { keys, type FileVersionRecord, type TableName, type Write } from '@coffer/storage-ports';
import { createFixture, largeFile, newFile, bodyOf, readBack, sampleBytes, uploadTo, type Fixture } from './fixture.ts';

export const days = (count: number) => count * 24 * 60 * 60 * 1_000;

/** What each name holds that must stay readable whatever recovery does. */
export interface RecoveryScene {
  readonly fixture: Fixture;
  readonly kept: readonly FileVersionRecord[];
}

/** Takes a row away, as damage does. */
export async function loseRow(fixture: Fixture, table: TableName, key: Uint8Array): Promise<void> {
  await fixture.metadata.commit({ expectations: [], writes: [{ table, key, delete: true } as Write] });
}

export async function loseReference(fixture: Fixture, blobId: string): Promise<void> {
  await loseRow(fixture, 'blobReferences', keys.blobReferences(blobId));
}

export async function partBlob(fixture: Fixture, fileId: string, partNumber: number): Promise<string> {
  const part = await fixture.metadata.get('parts', keys.parts(fileId, partNumber));
  if (part === undefined) throw new Error('There is no such part');
  return part.value.blobId;
}

export function blobOf({ blobId }: FileVersionRecord): string {
  if (blobId === null) throw new Error('The version has no blob');
  return blobId;
}

/**
 * A store with everything that recovery has to settle: deletes that were interrupted, orphans, blobs in quarantine
 * whose time is over and is not, one there that a file names, and files and parts whose blobs' references are lost.
 */
export async function sceneToSettle(): Promise<RecoveryScene> {
  const fixture = await createFixture({ options: { inlineThreshold: 50 } });
  const { storage, blobs, clock, bucket } = fixture;
  const file = await uploadTo(fixture, 'kept', sampleBytes(500));
  const large = await largeFile(fixture, 'kept large', [sampleBytes(500), sampleBytes(5)]);
  const lost = await uploadTo(fixture, 'without reference', sampleBytes(400));
  const held = await uploadTo(fixture, 'in quarantine', sampleBytes(300));
  const heldAndLost = await uploadTo(fixture, 'in quarantine without reference', sampleBytes(200));
  const doomed = [
    await uploadTo(fixture, 'doomed', sampleBytes(500)),
    await largeFile(fixture, 'doomed large', [sampleBytes(500), sampleBytes(5)]),
  ];
  const remove = blobs.delete.bind(blobs);
  blobs.delete = () => Promise.reject(new Error('the process died'));
  for (const { name, fileId } of doomed) await storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
  blobs.delete = remove;
  for (const blobId of ['0orphan', '1orphan', '2expired', '3held']) await blobs.write(blobId, streamOf(sampleBytes(5)));
  await blobs.quarantine('2expired', clock.now() - days(7));
  await blobs.quarantine('3held', clock.now() - days(7) + 1);
  await blobs.quarantine(blobOf(held), clock.now() - days(30));
  await blobs.quarantine(blobOf(heldAndLost), clock.now() - days(30));
  for (const version of [lost, heldAndLost]) await loseReference(fixture, blobOf(version));
  await loseReference(fixture, await partBlob(fixture, large.fileId, 1));
  const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'unfinished'));
  await storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, bodyOf(sampleBytes(60)));
  await loseReference(fixture, await partBlob(fixture, fileId, 1));
  return { fixture, kept: [file, large, lost, held, heldAndLost] };
}

/** @throws where a file cannot be read to its end. */
export async function readAll({ fixture, kept }: RecoveryScene): Promise<void> {
  for (const version of kept) {
    const { length } = await readBack(fixture.storage, version);
    if (length !== version.size) throw new Error(`${version.name} is not whole`);
  }
}

export async function heldIds({ blobs }: Fixture): Promise<readonly string[]> {
  return (await blobs.listQuarantine({ limit: 1_000 })).map(({ blobId }) => blobId);
}
