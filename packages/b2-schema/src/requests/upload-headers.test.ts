import type { HeaderPair } from '@coffer/sse-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerKey, sseC } from '../../testing/request-samples.ts';
import { fileNameProblem } from '../values/file-name.ts';
import { uploadFileHeaders, uploadPartHeaders } from './upload-headers.ts';

function fields(headers: Record<string, string | undefined>): HeaderPair[] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

const customer = {
  'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
  'X-Bz-Server-Side-Encryption-Customer-Key': customerKey,
  'X-Bz-Server-Side-Encryption-Customer-Key-Md5': sseC.customerKeyMd5,
};
const file = {
  Authorization: 'token',
  'X-Bz-File-Name': 'a/b%20c+d%2Be',
  'Content-Type': 'b2/x-auto',
  'Content-Length': '5',
  'X-Bz-Content-Sha1': 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'X-Bz-Info-Large_File_Sha1': 'x%0Ay',
  'X-Bz-Info-b2-cache-control': 'max-age%3D60',
  'X-Bz-Custom-Upload-Timestamp': '1628942493000',
  'X-Bz-File-Legal-Hold': 'on',
  'X-Bz-File-Retention-Mode': 'governance',
  'X-Bz-File-Retention-Retain-Until-Timestamp': '1628942493001',
  'Content-MD5': '1B2M2Y8AsgTpgAmY7PhCfg==',
  'X-Blazer-Anything': 'ignored',
  ...customer,
};
const part = {
  Authorization: 'token',
  'X-Bz-Part-Number': '1',
  'X-Bz-Content-Sha1': 'hex_digits_at_end',
  ...customer,
};

describe('uploadFileHeaders', () => {
  it('reads every header', () => {
    const result = uploadFileHeaders.parse(fields(file));
    expect(result).toMatchObject({
      ok: true,
      value: {
        fileName: 'a/b c d+e',
        contentType: 'b2/x-auto',
        contentSha1: { kind: 'hex' },
        contentMd5: '1B2M2Y8AsgTpgAmY7PhCfg==',
        fileInfo: { large_file_sha1: 'x\ny', 'b2-cache-control': 'max-age=60' },
        customUploadTimestamp: 1628942493000,
        legalHold: 'on',
        fileRetention: { mode: 'governance', retainUntilTimestamp: 1628942493001 },
        serverSideEncryption: { mode: 'SSE-C' },
      },
    });
    expect(JSON.stringify(result)).not.toContain(customerKey);
  });

  it('prints what it reads', () => {
    const first = uploadFileHeaders.parse(fields(file));
    if (!first.ok) throw new Error(first.message);
    expect(uploadFileHeaders.parse(uploadFileHeaders.print(first.value))).toEqual(first);
  });

  it('prints what it reads, for any name and info', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => fileNameProblem(text) === undefined);
    const key = fc
      .stringMatching(/^[a-z0-9._-]{1,20}$/)
      .filter((name) => !name.startsWith('b2-') && name !== '__proto__');
    fc.assert(
      fc.property(name, fc.dictionary(key, fc.string({ unit: 'binary' })), (fileName, info) => {
        const fileInfo = Object.fromEntries(Object.entries(info));
        const value = { fileName, fileInfo, contentType: 'a/b', contentSha1: { kind: 'doNotVerify' } as const };
        expect(uploadFileHeaders.parse(uploadFileHeaders.print(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['no name', { 'X-Bz-File-Name': undefined }],
    ['an empty name', { 'X-Bz-File-Name': '' }],
    ['a broken name', { 'X-Bz-File-Name': 'a%2' }],
    ['a name that is not UTF-8', { 'X-Bz-File-Name': '%FF' }],
    ['a name with a control character', { 'X-Bz-File-Name': 'a%0A' }],
    ['no content type', { 'Content-Type': undefined }],
    ['a content type beyond ASCII', { 'Content-Type': 'ü' }],
    ['a long content type', { 'Content-Type': `text/${'x'.repeat(1020)}` }],
    ['no SHA-1', { 'X-Bz-Content-Sha1': undefined }],
    ['a bad SHA-1', { 'X-Bz-Content-Sha1': 'none' }],
    ['broken info', { 'X-Bz-Info-a': '%zz' }],
    ['reserved info', { 'X-Bz-Info-b2-other': 'x' }],
    ['info without a name', { 'X-Bz-Info-': 'x' }],
    ['a bad special info', { 'X-Bz-Info-b2-expires': 'never' }],
    ['a bad legal hold', { 'X-Bz-File-Legal-Hold': 'maybe' }],
    ['a bad retention mode', { 'X-Bz-File-Retention-Mode': 'none' }],
    ['a retention mode alone', { 'X-Bz-File-Retention-Retain-Until-Timestamp': undefined }],
    ['a retention time alone', { 'X-Bz-File-Retention-Mode': undefined }],
    ['a bad retention time', { 'X-Bz-File-Retention-Retain-Until-Timestamp': 'soon' }],
    ['an incomplete customer key', { 'X-Bz-Server-Side-Encryption-Customer-Key-Md5': undefined }],
    ['two modes', { 'X-Bz-Server-Side-Encryption': 'AES256' }],
  ])('refuses %s', (_, change) => {
    const result = uploadFileHeaders.parse(fields({ ...file, ...change }));
    expect(result).toMatchObject({ ok: false, code: 'bad_request' });
    expect(JSON.stringify(result)).not.toContain(customerKey);
  });

  it.each([
    'Content-Disposition',
    'content-encoding',
    'CONTENT-LANGUAGE',
    'Content-Location',
    'Content-Range',
    'Expires',
  ])('refuses %s, which must not be included', (name) => {
    const refused = uploadFileHeaders.parse(fields({ ...file, [name]: '' }));
    expect(refused).toMatchObject({ ok: false, code: 'bad_request' });
    expect(refused.ok || refused.message.toLowerCase()).toBe(`header ${name.toLowerCase()} must not be included`);
    expect(uploadPartHeaders.parse(fields({ ...part, [name]: '' })).ok).toBe(true);
  });

  it('refuses two of a header, and info that differs only in case', () => {
    for (const name of [
      'x-bz-file-name',
      'content-type',
      'x-bz-info-LARGE_FILE_SHA1',
      'X-Bz-Server-Side-Encryption-Customer-Key',
    ]) {
      expect(uploadFileHeaders.parse([...fields(file), [name, 'x']]).ok).toBe(false);
    }
  });

  it('has its own code for a bad custom timestamp', () => {
    const result = uploadFileHeaders.parse(fields({ ...file, 'X-Bz-Custom-Upload-Timestamp': '-1' }));
    expect(result).toMatchObject({ ok: false, code: 'custom_timestamp_invalid' });
  });

  it('tells which rule of encryption was broken', () => {
    const result = uploadFileHeaders.parse(fields({ ...file, 'X-Bz-Server-Side-Encryption': 'AES256' }));
    expect(result).toMatchObject({ ok: false, violation: 'conflicting_modes', field: 'X-Bz-Server-Side-Encryption' });
  });
});

describe('uploadPartHeaders', () => {
  it('reads every header, and prints what it reads', () => {
    const first = uploadPartHeaders.parse(fields(part));
    if (!first.ok) throw new Error(first.message);
    expect(first.value).toMatchObject({
      partNumber: 1,
      contentSha1: { kind: 'atEnd' },
      serverSideEncryption: { mode: 'SSE-C' },
    });
    expect(uploadPartHeaders.parse(uploadPartHeaders.print(first.value))).toEqual(first);
  });

  it.each([undefined, '', '0', '10001', '-1', '1.5', '0x1', '1e3', 'one'])('refuses %j as a part number', (number) => {
    expect(uploadPartHeaders.parse(fields({ ...part, 'X-Bz-Part-Number': number })).ok).toBe(false);
  });
});
