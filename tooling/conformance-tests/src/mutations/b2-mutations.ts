import {
  answering,
  asking,
  callingWith,
  named,
  repairing,
  replaceInJson,
  without,
  withHeader,
  withoutHeaders,
  type Breaking,
  type Mutation,
} from './mutation.ts';

const b2 = 'x-bz-server-side-encryption';

/** Sends the right key instead of the wrong one, as a server would that does not compare keys. */
const ignoringTheKey: Breaking = asking((headers, { method, target }, { keyA }) => {
  const right = keyHeaders(keyA);
  if (method === 'POST' && target.includes('upload')) return headers;
  return headers.map(([name, value]) => [name, right[name.toLowerCase()] ?? value] as const);
});

function keyHeaders({ key, md5 }: { readonly key: string; readonly md5: string }): Readonly<Record<string, string>> {
  return { [`${b2}-customer-key`]: key, [`${b2}-customer-key-md5`]: md5 };
}

function refusal(code: string): Uint8Array {
  return Buffer.from(JSON.stringify({ status: 400, code, message: 'no' }));
}

/** Broken rules of the B2 Native API. */
export const b2Mutations: readonly Mutation[] = [
  {
    name: "the MD5 of the customer key is ignored: whatever is sent, the key's own is taken",
    profile: 'b2-classic',
    tried: 'b2/uploads/malformed-key',
    caughtBy: 'b2/uploads/malformed-key/md5-of-other-key',
    breaking: asking((headers, _, { keyA }) =>
      headers.map(([name, value]) => [name, named(/-customer-key-md5$/)(name) ? keyA.md5 : value] as const),
    ),
  },
  {
    name: 'a wrong customer key opens the file',
    profile: 'b2-classic',
    tried: 'wrong-key',
    caughtBy: 'b2/downloads/sse-c/wrong-key',
    breaking: ignoringTheKey,
  },
  {
    name: 'a missing customer key opens the file',
    profile: 'b2-classic',
    tried: 'without-key',
    caughtBy: 'b2/downloads/sse-c/without-key',
    breaking: asking((headers, { target }, { keyA }) =>
      target.includes('download_file_by_id') && !headers.some(([name]) => named(/customer/)(name))
        ? [...headers, [`${b2}-customer-algorithm`, 'AES256'], ...Object.entries(keyHeaders(keyA))]
        : headers,
    ),
  },
  {
    name: 'a wrong key is 400 instead of 403',
    profile: 'b2-classic',
    tried: 'b2/downloads/sse-c/wrong-key',
    caughtBy: 'b2/downloads/sse-c/wrong-key',
    breaking: answering((answer) => (answer.status === 403 ? { ...answer, status: 400 } : answer)),
  },
  {
    name: 'downloads do not say that the file has SSE-B2',
    profile: 'b2-classic',
    tried: 'b2/downloads/sse-b2/by-name',
    caughtBy: 'b2/downloads/sse-b2/by-name',
    breaking: answering((answer) => withoutHeaders(answer, /^x-bz-server-side-encryption$/)),
  },
  {
    name: "downloads do not give back the key's MD5",
    profile: 'b2-classic',
    tried: 'b2/downloads/sse-c-a/by-name',
    caughtBy: 'b2/downloads/sse-c-a/by-name',
    breaking: answering((answer) => withoutHeaders(answer, /customer-key-md5$/)),
  },
  {
    name: 'Range is ignored',
    profile: 'b2-classic',
    tried: 'range-over-16k',
    caughtBy: 'b2/downloads/sse-c-a/range-over-16k',
    breaking: asking((headers) => without(headers, /^range$/)),
  },
  {
    name: 'a range begins one byte too late behind 16 KiB',
    profile: 'b2-classic',
    tried: 'range-at-16k',
    caughtBy: 'b2/downloads/sse-b2/range-at-16k',
    breaking: asking((headers) =>
      headers.map(([name, value]) => [name, value === 'bytes=16384-16384' ? 'bytes=16385-16385' : value] as const),
    ),
  },
  {
    name: 'a request for SSE-B2 is not heard',
    profile: 'b2-classic',
    tried: 'b2/uploads/sse-b2/1-bytes',
    caughtBy: 'b2/uploads/sse-b2/1-bytes',
    breaking: asking((headers) => without(headers, /^x-bz-server-side-encryption$/)),
  },
  {
    name: 'listings do not say how a file is encrypted',
    profile: 'b2-classic',
    tried: 'shown',
    caughtBy: 'b2/uploads/sse-c-a/shown',
    breaking: replaceInJson(/"mode":\s*"SSE-C"/g, '"mode":null'),
  },
  {
    name: 'an answer gives the customer key back',
    profile: 'b2-classic',
    tried: 'b2/uploads/sse-c/echo',
    caughtBy: 'b2/uploads/sse-c/echo',
    breaking: (send, tools) =>
      replaceInJson(/"mode":\s*"SSE-C"/g, `"mode":"SSE-C","customerKeyForDebugging":"${tools.keyA.key}"`)(send, tools),
  },
  {
    name: 'the default of a bucket is not shown as hidden from who may not see it',
    profile: 'b2-classic',
    tried: 'not-readable',
    caughtBy: 'b2/default-encryption/not-readable',
    breaking: replaceInJson(/"isClientAuthorizedToRead":\s*false/g, '"isClientAuthorizedToRead":true'),
  },
  {
    name: 'new files are plain where all have to be encrypted',
    profile: 'b2-2026',
    tried: 'nothing-asked',
    caughtBy: 'b2/uploads/nothing-asked-2026',
    breaking: replaceInJson(/"mode":\s*"SSE-B2"/g, '"mode":null'),
  },
  {
    name: 'a part with another customer key than that of its large file is taken',
    profile: 'b2-classic',
    tried: 'b2/large-files/sse-c/part-with-other-key',
    caughtBy: 'b2/large-files/sse-c/part-with-other-key',
    breaking: asking((headers, { target }, { keyA }) =>
      target.includes('upload_part')
        ? headers.map(([name, value]) => [name, keyHeaders(keyA)[name.toLowerCase()] ?? value] as const)
        : headers,
    ),
  },
  {
    name: 'the last bytes of a large file are dropped',
    profile: 'b2-classic',
    tried: 'b2/large-files/sse-b2/whole',
    caughtBy: 'b2/large-files/sse-b2/whole',
    breaking: answering((answer, { method, target }) => {
      if (method !== 'GET' || !target.includes('download_file_by_id')) return answer;
      const body = answer.body.subarray(0, answer.body.length - 1000);
      return withHeader({ ...answer, body }, 'content-length', String(body.length));
    }),
  },
  {
    name: 'a copy does not get the encryption that it asks for',
    profile: 'b2-classic',
    tried: 'b2/copies/sse-c-a-to-sse-b2',
    caughtBy: 'b2/copies/sse-c-a-to-sse-b2',
    breaking: callingWith('b2_copy_file', ({ destinationServerSideEncryption: _, ...body }) => body),
  },
  {
    name: 'a file with SSE-C is copied without its key',
    profile: 'b2-classic',
    tried: 'b2/copies/sse-c/without-source-key',
    caughtBy: 'b2/copies/sse-c/without-source-key',
    breaking: (send, tools) => {
      const { key: customerKey, md5: customerKeyMd5 } = tools.keyA;
      const sourceServerSideEncryption = { mode: 'SSE-C', algorithm: 'AES256', customerKey, customerKeyMd5 };
      return callingWith('b2_copy_file', (body) => ({ sourceServerSideEncryption, ...body }))(send, tools);
    },
  },
  {
    name: 'the default of a bucket is stronger than a request for SSE-C',
    profile: 'b2-classic',
    tried: 'b2/default-encryption/sse-c-wins',
    caughtBy: 'b2/default-encryption/sse-c-wins',
    breaking: asking((headers, { method, target }) =>
      method === 'POST' && target.includes('upload') ? without(headers, /customer-/) : headers,
    ),
  },
  {
    name: 'a default is not kept, though its setting was answered with success',
    profile: 'b2-classic',
    tried: 'b2/default-encryption/set-later',
    caughtBy: 'b2/default-encryption/set-later',
    breaking: callingWith('b2_update_bucket', ({ defaultServerSideEncryption: _, ...body }) => body),
  },
  {
    name: 'everybody may set the default of a bucket',
    profile: 'b2-classic',
    tried: 'b2/default-encryption/not-writable',
    caughtBy: 'b2/default-encryption/not-writable',
    breaking: callingWith('b2_create_key', ({ capabilities, ...body }) => ({
      ...body,
      capabilities: [...(capabilities as readonly string[]), 'writeBucketEncryption'],
    })),
  },
  {
    name: 'metadata of a file with SSE-C is not given out without its key',
    profile: 'b2-classic',
    tried: 'b2/uploads/sse-c-a/shown',
    caughtBy: 'b2/uploads/sse-c-a/shown',
    breaking: answering((answer, { target }) =>
      target.endsWith('/b2_get_file_info') ? { ...answer, status: 400, body: refusal('bad_request') } : answer,
    ),
  },
  {
    name: 'the SHA-1 of an upload is not compared',
    profile: 'b2-classic',
    tried: 'b2/checksums/sse-c-a',
    caughtBy: 'b2/checksums/sse-c-a/wrong',
    breaking: asking((headers) =>
      headers.map(([name, value]) => [name, named(/^x-bz-content-sha1$/)(name) ? 'do_not_verify' : value] as const),
    ),
  },
  {
    name: 'a SHA-1 that nobody verified is shown as verified',
    profile: 'b2-classic',
    tried: 'b2/checksums/sse-c-a',
    caughtBy: 'b2/checksums/sse-c-a/not-verified',
    breaking: replaceInJson(/unverified:/g, ''),
  },
  {
    name: 'a missing token is 403 instead of 401',
    profile: 'b2-classic',
    tried: 'b2/access/no-token',
    caughtBy: 'b2/access/no-token',
    breaking: answering((answer) => (answer.status === 401 ? { ...answer, status: 403 } : answer)),
  },
  {
    name: 'a download does not say what its authorization fixes',
    profile: 'b2-classic',
    tried: 'b2/download-authorizations/override',
    caughtBy: 'b2/download-authorizations/override/content-disposition',
    breaking: answering((answer) => withoutHeaders(answer, /^content-disposition$/)),
  },
  {
    name: 'downloads do not say that the file is locked',
    profile: 'b2-classic',
    tried: 'b2/object-lock/sse-c-a',
    caughtBy: 'b2/object-lock/sse-c-a/locked',
    breaking: answering((answer) => withoutHeaders(answer, /^x-bz-file-retention-mode$/)),
  },
  {
    name: 'S3 does not say how a file of B2 is encrypted',
    profile: 'b2-classic',
    tried: 'b2/cross-api/sse-b2',
    caughtBy: 'b2/cross-api/sse-b2/written-by-b2',
    breaking: answering((answer) => withoutHeaders(answer, /^x-amz-server-side-encryption$/)),
  },
  {
    name: 'a broken upload is repaired on its way',
    profile: 'b2-classic',
    tried: 'b2/raw-requests/upload',
    caughtBy: 'b2/raw-requests/upload/two-keys',
    breaking: repairing,
  },
];
