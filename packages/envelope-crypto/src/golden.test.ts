import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SecretBytes, streamOf } from '@coffer/bytes';
import { commitmentIn } from './blob-layout.ts';
import { maskChecksums, maskEntityTag, maskFurther } from './checksum-masks.ts';
import { checkCustomerKey, makeCustomerKeyVerifier } from './customer-key-verifier.ts';
import type {
  ChecksumAlgorithm,
  EncryptionRecord,
  RecordedChecksums,
  RecordedFurtherChecksum,
  SealedPart,
} from './encryption-record.ts';
import type { MacPurpose } from './key-provider.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';
import { openBlob } from './open-blob.ts';
import { decodeEncryptionRecord, encodeEncryptionRecord } from './record-encoding.ts';
import { sealEncryptionRecord, verifyEncryptionRecord } from './record-seal.ts';
import { sealBlob } from './seal-blob.ts';
import { openSecret } from './sealed-secret.ts';
import { inPieces, whole } from './test-support.ts';
import { unwrapFileKeyForCustomer, unwrapFileKeyForServer } from './wrapped-key.ts';
import { openXaes } from './xaes.ts';

type Hex = string;
type InHex<T> = {
  [Field in keyof T]: T[Field] extends Uint8Array ? Hex : T[Field] extends Uint8Array | null ? Hex | null : T[Field];
};
type StoredChecksums = InHex<Omit<RecordedChecksums, 'further'>> & {
  readonly further?: InHex<RecordedFurtherChecksum>;
};
type StoredPart = InHex<Omit<SealedPart, 'checksums'>> & { readonly checksums: StoredChecksums };
type StoredRecord = InHex<Omit<EncryptionRecord, 'checksums' | 'entityTag' | 'parts'>> & {
  readonly checksums: StoredChecksums;
  readonly entityTag?: Hex;
  readonly parts: readonly StoredPart[];
};
interface Golden {
  readonly rootKey: Hex;
  readonly globalKeyId: string;
  readonly globalKey: Hex;
  readonly customerKey: Hex;
  readonly fileKey: Hex;
  readonly bucketId: string;
  readonly fileId: string;
  readonly wrappedGlobalKey: Hex;
  readonly serverWrappedKey: Hex;
  readonly customerWrappedKey: Hex;
  readonly verifier: Hex;
  readonly applicationKey: { readonly subject: string; readonly secret: string; readonly sealed: Hex };
  readonly blobs: readonly {
    readonly partNumber: number;
    readonly salt: Hex;
    readonly plaintext: Hex;
    readonly blob: Hex;
  }[];
  readonly longBlob: {
    readonly partNumber: number;
    readonly salt: Hex;
    readonly plaintextLength: number;
    readonly blobDigest: Hex;
  };
  readonly records: readonly { readonly record: StoredRecord; readonly encoding: Hex; readonly seal: Hex }[];
  readonly checksums: readonly Readonly<Record<'blobId' | 'sha1' | 'md5' | 'mask' | 'storedSha1' | 'storedMd5', Hex>>[];
  readonly furtherChecksums: readonly {
    readonly id: string;
    readonly of: 'further' | 'entity-tag';
    readonly algorithm?: ChecksumAlgorithm;
    readonly plain: Hex;
    readonly stored: Hex;
  }[];
  readonly macs: Readonly<Record<MacPurpose, Hex>>;
}

const golden = JSON.parse(readFileSync(new URL('../vectors/coffer-format-v1.json', import.meta.url), 'utf8')) as Golden;

const bytes = (text: Hex): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const hex = (value: Uint8Array): Hex => Buffer.from(value).toString('hex');
const secret = (text: Hex): SecretBytes => SecretBytes.take(bytes(text));
const shown = (value: SecretBytes): Hex => value.expose(hex);
const bytesOrNull = (text: Hex | null): Uint8Array | null => (text === null ? null : bytes(text));
const checksumsOf = ({ sha1, sha1Verified, md5, further }: StoredChecksums): RecordedChecksums => ({
  sha1: bytesOrNull(sha1),
  sha1Verified,
  md5: bytesOrNull(md5),
  ...(further !== undefined && { further: { ...further, value: bytesOrNull(further.value) } }),
});
const recordOf = ({ entityTag, ...stored }: StoredRecord): EncryptionRecord => ({
  ...stored,
  ...(entityTag !== undefined && { entityTag: bytes(entityTag) }),
  wrappedKey: bytesOrNull(stored.wrappedKey),
  verifier: bytesOrNull(stored.verifier),
  checksums: checksumsOf(stored.checksums),
  parts: stored.parts.map((part) => ({
    ...part,
    blobCheck: bytes(part.blobCheck),
    checksums: checksumsOf(part.checksums),
  })),
});

const { globalKeyId, fileId } = golden;
const fileKey = secret(golden.fileKey);
const provider = new MemoryKeyProvider([
  { id: globalKeyId, state: 'active', createdAt: 0, key: secret(golden.globalKey) },
]);

describe('data of format version 1 opens for ever', () => {
  it('global key', () => {
    const aad = Uint8Array.from(Buffer.from(`coffer/global-key/v1\0${globalKeyId}`));
    expect(shown(openXaes(secret(golden.rootKey), bytes(golden.wrappedGlobalKey), aad))).toBe(golden.globalKey);
  });

  it('wrapped file keys', async () => {
    const wrapped = bytes(golden.serverWrappedKey);
    expect(shown(await unwrapFileKeyForServer(provider, globalKeyId, wrapped, golden))).toBe(golden.fileKey);
    const byCustomer = unwrapFileKeyForCustomer(secret(golden.customerKey), bytes(golden.customerWrappedKey), golden);
    expect(shown(byCustomer)).toBe(golden.fileKey);
  });

  it('verifier', () => {
    const verifier = bytes(golden.verifier);
    expect(checkCustomerKey(verifier, secret(golden.customerKey), fileId)).toBe(true);
    expect(makeCustomerKeyVerifier(secret(golden.customerKey), fileId, { salt: verifier.slice(0, 16) })).toEqual(
      verifier,
    );
  });

  it('application key secret', async () => {
    const { subject, sealed } = golden.applicationKey;
    const opened = await openSecret(provider, globalKeyId, 'application-key', subject, bytes(sealed));
    expect(opened.expose((value) => Buffer.from(value).toString())).toBe(golden.applicationKey.secret);
  });

  it.each(golden.blobs)('blob of part $partNumber', async ({ partNumber, salt, plaintext, blob }) => {
    const context = { fileId, partNumber };
    const commitment = commitmentIn(bytes(blob));
    expect(hex(await whole(openBlob(inPieces(bytes(blob), 10), fileKey, context, commitment)))).toBe(plaintext);
    const told: Uint8Array[] = [];
    const options = { salt: bytes(salt), onCommitment: (one: Uint8Array) => told.push(one) };
    const sealed = await whole(sealBlob(streamOf(bytes(plaintext)), fileKey, context, options));
    expect(hex(sealed)).toBe(blob);
    expect(told).toEqual([commitment]);
  });

  it('blob of several chunks', async () => {
    const { partNumber, salt, plaintextLength, blobDigest } = golden.longBlob;
    const plaintext = Uint8Array.from({ length: plaintextLength }, (_, i) => i % 251);
    const context = { fileId, partNumber };
    const blob = await whole(sealBlob(streamOf(plaintext), fileKey, context, { salt: bytes(salt) }));
    expect(createHash('sha256').update(blob).digest('hex')).toBe(blobDigest);
    expect(Buffer.compare(await whole(openBlob(streamOf(blob), fileKey, context)), plaintext)).toBe(0);
  });

  it.each(golden.records)(
    'encryption record in mode $record.mode, $record.action',
    async ({ record, encoding, seal }) => {
      const decoded = decodeEncryptionRecord(bytes(encoding));
      expect(decoded).toEqual(recordOf(record));
      expect(hex(encodeEncryptionRecord(decoded))).toBe(encoding);
      await verifyEncryptionRecord(provider, decoded, bytes(seal));
      expect(hex(await sealEncryptionRecord(provider, decoded))).toBe(seal);
    },
  );

  it.each(golden.checksums)('checksums of blob $blobId as they are stored', async (one) => {
    const masks = await provider.checksumMasks(globalKeyId);
    expect(hex(masks.maskOf(one.blobId))).toBe(one.mask);
    const plain = { sha1: bytes(one.sha1), sha1Verified: true, md5: bytes(one.md5) };
    const stored = { sha1: bytes(one.storedSha1), sha1Verified: true, md5: bytes(one.storedMd5) };
    expect(maskChecksums(masks, one.blobId, plain)).toEqual(stored);
    expect(maskChecksums(masks, one.blobId, stored)).toEqual(plain);
  });

  it.each(golden.furtherChecksums)('further checksum or entity tag of $id as it is stored', async (one) => {
    const masks = await provider.checksumMasks(globalKeyId);
    const { id, algorithm } = one;
    const masked = (value: Uint8Array): Uint8Array | null =>
      algorithm === undefined
        ? maskEntityTag(masks, id, value)
        : maskFurther(masks, id, { algorithm, of: 'content', value }).value;
    expect(masked(bytes(one.plain))).toEqual(bytes(one.stored));
    expect(masked(bytes(one.stored))).toEqual(bytes(one.plain));
  });

  it.each(Object.entries(golden.macs))('checksum for %s', async (purpose, mac) => {
    expect(hex(await provider.mac(globalKeyId, purpose as MacPurpose, Buffer.from('message')))).toBe(mac);
  });
});
