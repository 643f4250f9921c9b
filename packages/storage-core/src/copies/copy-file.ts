import type { ChecksumAlgorithm, FileVersionRecord } from '@coffer/storage-ports';
import { admit } from '../files/admission.ts';
import { copying, openSource, type OpenSource } from './copy-source.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { getVersion } from '../records/find-version.ts';
import type { Plaintext } from '../data/plaintext.ts';
import { furtherChecksumOf } from '../encryption/checksums.ts';
import type { FileCopy, FilePart, FileVersion, FurtherClaim, NewFile, PartCopy } from '../services/storage.ts';
import { storeFile } from '../files/upload-file.ts';
import { openUpload, storePart, type PartTarget } from '../large-files/upload-part.ts';

/** `CopyService.copyFile`. The copy takes over nothing of the source's encryption. */
export async function copyFile(core: Core, copy: FileCopy): Promise<FileVersion> {
  const source = await getVersion(core, copy.source.fileId);
  if (source.action !== 'upload') throw failures.fileMissing();
  const admission = await admit(core, newFileOf(copy, source));
  const opened = await openSource(core, copy.source, copy.signal);
  return copying(opened, async () => {
    const further = await furtherClaim(core, source, opened, copy.furtherChecksum);
    const plaintext = further === undefined ? opened.plaintext : withFurther(opened.plaintext, further);
    return storeFile(core, admission, plaintext, 'b2:ObjectCreated:Copy');
  });
}

/** Which further checksum the copy gets. If it is that of the source's content, it must be the same. */
async function furtherClaim(
  core: Core,
  source: FileVersionRecord,
  { plaintext }: OpenSource,
  asked: ChecksumAlgorithm | undefined,
): Promise<FurtherClaim | undefined> {
  const own = await furtherChecksumOf(core, source);
  const algorithm = asked ?? source.checksums.further?.algorithm;
  if (algorithm === undefined) return undefined;
  const isKnown = own?.of === 'content' && own.algorithm === algorithm && plaintext.length === source.size;
  const value = isKnown ? own.value : null;
  return value === null ? { algorithm } : { algorithm, expected: () => value };
}

function withFurther(plaintext: Plaintext, further: FurtherClaim): Plaintext {
  return { ...plaintext, claims: { ...plaintext.claims, further } };
}

/** `CopyService.copyPart`. */
export async function copyPart(core: Core, copy: PartCopy): Promise<FilePart> {
  const { fileId, partNumber, encryption } = copy;
  const target: PartTarget = { fileId, partNumber, ...(encryption && { encryption }) };
  const upload = await openUpload(core, target);
  const opened = await openSource(core, copy.source, copy.signal);
  return copying(opened, () => storePart(core, upload, opened.plaintext));
}

function newFileOf(copy: FileCopy, source: FileVersionRecord): NewFile {
  const { contentType, fileInfo } = copy.metadata ?? source;
  return {
    bucketId: copy.bucketId ?? source.bucketId,
    name: copy.name,
    contentType,
    fileInfo,
    ...(copy.encryption && { encryption: copy.encryption }),
    ...(copy.condition && { condition: copy.condition }),
    ...copy.lock,
  };
}
