import { describe, expect, it } from 'vitest';
import { fileId } from '../../testing/request-samples.ts';
import { parseDownloadPath, printDownloadPath } from '../requests/download-request.ts';
import { parseDownloadResponse } from './download-response.ts';

const headers: [string, string][] = [
  ['Content-Type', 'text/plain'],
  ['Content-Disposition', 'attachment'],
  ['X-Bz-File-Id', fileId],
  ['X-Bz-File-Name', 'caf%C3%A9%20+.txt'],
  ['X-Bz-Upload-Timestamp', '1700000000000'],
  ['X-Bz-Content-Sha1', 'none'],
  ['x-bz-info-Sse_C_Key_Id', 'one%0Atwo'],
  ['X-Bz-Server-Side-Encryption', 'AES256'],
  ['X-Bz-File-Legal-Hold', 'on'],
  ['X-Bz-File-Retention-Mode', 'governance'],
  ['X-Bz-File-Retention-Retain-Until-Timestamp', '1800000000000'],
];

describe('parseDownloadResponse', () => {
  it('reads what the headers tell of the file', () => {
    expect(parseDownloadResponse(headers)).toEqual({
      fileId,
      fileName: 'café  .txt',
      uploadTimestamp: 1_700_000_000_000,
      contentType: 'text/plain',
      contentSha1: null,
      fileInfo: { sse_c_key_id: 'one\ntwo', 'b2-content-disposition': 'attachment' },
      serverSideEncryption: { mode: 'SSE-B2' },
      legalHold: 'on',
      fileRetention: { mode: 'governance', retainUntilTimestamp: 1_800_000_000_000 },
    });
  });

  it.each(['X-Bz-File-Id', 'X-Bz-File-Name', 'X-Bz-Upload-Timestamp'])('takes no answer without %s', (missing) => {
    expect(parseDownloadResponse(headers.filter(([name]) => name !== missing))).toBeUndefined();
  });

  it('leaves locks out that are not told', () => {
    const bare = headers.filter(([name]) => !/hold|retention/i.test(name));
    expect(parseDownloadResponse(bare)).not.toHaveProperty('legalHold');
    expect(parseDownloadResponse(bare)).not.toHaveProperty('fileRetention');
  });
});

describe('printDownloadPath', () => {
  it.each(['a', 'a b/c+d', '100%/é?#&', '//x/', 'a\\b', '...', 'a./.b'])('is read back: %s', (name) => {
    const path = printDownloadPath('my-bucket', name) ?? '';
    const { pathname } = new URL(`https://f.example/file/${path}`);
    expect(parseDownloadPath(pathname.slice('/file/'.length))).toEqual({ bucketName: 'my-bucket', fileName: name });
  });

  it.each(['..', 'a/../b', './a', 'a/.'])('is none for %s, which a URL cannot hold', (name) => {
    expect(printDownloadPath('my-bucket', name)).toBeUndefined();
  });
});
