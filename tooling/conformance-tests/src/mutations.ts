import type { Profile, Transport, WireAnswer, WireRequest } from '@coffer/conformance';

/** A rule that is broken on purpose, between the suite and a server that keeps it. */
export interface Mutation {
  readonly name: string;
  readonly profile: Profile;
  /** What ids of the cases contain that are tried. */
  readonly tried: string;
  /** A case that has to fail. */
  readonly caughtBy: string;
  readonly breaking: (send: Transport) => Transport;
}

type Lines = WireRequest['headers'];

/** The request with other headers, as if the server read them so. A signature of S3 must not cover what changes. */
function asking(change: (headers: Lines, request: WireRequest) => Lines): Mutation['breaking'] {
  return (send) => (request) => send({ ...request, headers: change(request.headers, request) });
}

function answering(change: (answer: WireAnswer, request: WireRequest) => WireAnswer): Mutation['breaking'] {
  return (send) => async (request) => change(await send(request), request);
}

const named = (pattern: RegExp) => (name: string) => pattern.test(name.toLowerCase());
const without = (headers: Lines, pattern: RegExp): Lines => headers.filter(([name]) => !named(pattern)(name));
const has = ({ headers }: WireRequest, pattern: RegExp): boolean => headers.some(([name]) => named(pattern)(name));
const withoutHeaders = (answer: WireAnswer, pattern: RegExp): WireAnswer => ({
  ...answer,
  headers: new Map([...answer.headers].filter(([name]) => !pattern.test(name))),
});

/** Sends the right key instead of the wrong one, as a server would that does not compare keys. */
function ignoringTheKey(right: Readonly<Record<string, string>>): Mutation['breaking'] {
  return asking((headers, { method, target }) =>
    method === 'POST' && target.includes('upload')
      ? headers
      : headers.map(([name, value]) => [name, right[name.toLowerCase()] ?? value] as const),
  );
}

function replaceInJson(from: RegExp, to: string): Mutation['breaking'] {
  return answering((answer) => {
    if (answer.headers.get('content-type')?.startsWith('application/json') !== true) return answer;
    const text = Buffer.from(answer.body).toString('utf8').replaceAll(from, to);
    return { ...answer, body: Buffer.from(text) };
  });
}

/** Sends what a raw form was made of, as a proxy would that mends what it passes on. */
const repairing: Mutation['breaking'] =
  (send) =>
  ({ raw: _raw, ...request }) =>
    send(request);

const b2 = 'x-bz-server-side-encryption';

/** The mutations, for a server whose customer key A is given. */
export function mutationsWith(key: { readonly key: string; readonly md5: string }): readonly Mutation[] {
  const right = { [`${b2}-customer-key`]: key.key, [`${b2}-customer-key-md5`]: key.md5 };
  return [
    {
      name: "the MD5 of the customer key is ignored: whatever is sent, the key's own is taken",
      profile: 'b2-classic',
      tried: 'b2/uploads/malformed-key',
      caughtBy: 'b2/uploads/malformed-key/md5-of-other-key',
      breaking: asking((headers) =>
        headers.map(([name, value]) => [name, named(/-customer-key-md5$/)(name) ? key.md5 : value] as const),
      ),
    },
    {
      name: 'a wrong customer key opens the file',
      profile: 'b2-classic',
      tried: 'wrong-key',
      caughtBy: 'b2/downloads/sse-c/wrong-key',
      breaking: ignoringTheKey(right),
    },
    {
      name: 'a missing customer key opens the file',
      profile: 'b2-classic',
      tried: 'without-key',
      caughtBy: 'b2/downloads/sse-c/without-key',
      breaking: asking((headers, { target }) =>
        target.includes('download_file_by_id') && !headers.some(([name]) => named(/customer/)(name))
          ? [...headers, [`${b2}-customer-algorithm`, 'AES256'], ...Object.entries(right)]
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
      breaking: replaceInJson(/"mode":\s*"SSE-C"/g, `"mode":"SSE-C","customerKeyForDebugging":"${key.key}"`),
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
      name: 'a condition is answered with 304 before the customer key is looked at',
      profile: 's3',
      tried: 's3/conditions/sse-c',
      caughtBy: 's3/conditions/sse-c/if-none-match-wrong-key',
      breaking: answering((answer, request) =>
        has(request, /^if-none-match$/) && answer.status === 403
          ? { ...answer, status: 304, body: new Uint8Array() }
          : answer,
      ),
    },
    {
      name: 'S3 answers do not say SSE-S3',
      profile: 's3',
      tried: 's3/objects/sse-s3/head',
      caughtBy: 's3/objects/sse-s3/head',
      breaking: answering((answer) => withoutHeaders(answer, /^x-amz-server-side-encryption$/)),
    },
    {
      name: 'S3 refuses a wrong key with 404',
      profile: 's3',
      tried: 'get-wrong-key',
      caughtBy: 's3/objects/sse-c/get-wrong-key',
      breaking: answering((answer) => (answer.status === 403 ? { ...answer, status: 404 } : answer)),
    },
    {
      name: 'one bit of a content is flipped',
      profile: 's3',
      tried: 's3/objects/sse-c-a/16385-bytes',
      caughtBy: 's3/objects/sse-c-a/16385-bytes',
      breaking: answering((answer) => {
        if (answer.body.length < 16_385) return answer;
        const body = Uint8Array.from(answer.body);
        body[16_384] = (body[16_384] ?? 0) ^ 1;
        return { ...answer, body };
      }),
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
    {
      name: 'a broken request is repaired on its way',
      profile: 's3',
      tried: 's3/raw-requests/put',
      caughtBy: 's3/raw-requests/put/two-lengths',
      breaking: repairing,
    },
    {
      name: 'checksums are not given back',
      profile: 's3',
      tried: 's3/checksums/sse-c-a',
      caughtBy: 's3/checksums/sse-c-a/crc64nvme',
      breaking: answering((answer) => withoutHeaders(answer, /^x-amz-checksum-/)),
    },
    {
      name: 'a condition of a write is not heard',
      profile: 's3',
      tried: 's3/conditional-writes/sse-c-a',
      caughtBy: 's3/conditional-writes/sse-c-a/if-new',
      breaking: answering((answer) => (answer.status === 412 ? { ...answer, status: 200 } : answer)),
    },
    {
      name: 'a chunk with a wrong signature is taken',
      profile: 's3',
      tried: 's3/aws-chunked/refused',
      caughtBy: 's3/aws-chunked/refused/last-chunk',
      breaking: answering((answer, request) =>
        has(request, /^x-amz-decoded-content-length$/) ? { ...answer, status: 200 } : answer,
      ),
    },
    {
      name: 'a delete marker is not told',
      profile: 's3',
      tried: 's3/versions/sse-c-a',
      caughtBy: 's3/versions/sse-c-a/delete-marker',
      breaking: answering((answer) => withoutHeaders(answer, /^x-amz-delete-marker$/)),
    },
  ];
}
