import { createHash } from 'node:crypto';
import {
  answering,
  has,
  named,
  reading,
  repairing,
  withBody,
  withHeader,
  without,
  withoutHeaders,
  type Breaking,
  type Mutation,
  type Tools,
} from './mutation.ts';

const sse = 'x-amz-server-side-encryption';
const sourceKey = 'x-amz-copy-source-server-side-encryption-customer';

function keyHeaders({ keyA }: Tools, prefix = `${sse}-customer`): readonly (readonly [string, string])[] {
  return [
    [`${prefix}-algorithm`, 'AES256'],
    [`${prefix}-key`, keyA.key],
    [`${prefix}-key-md5`, keyA.md5],
  ];
}

/** Takes key A, whatever the request says, as a server would that does not compare keys. */
function takingKeyA(isMeant: (request: Parameters<Parameters<typeof reading>[0]>[0]) => boolean): Breaking {
  return reading((request, tools) => {
    if (!isMeant(request) || !has(request, /^x-amz-server-side-encryption-customer-key$/)) return undefined;
    return {
      ...request,
      headers: [...without(request.headers, /^x-amz-server-side-.*customer/), ...keyHeaders(tools)],
    };
  });
}

/** Broken rules of the S3 Compatible API. */
export const s3Mutations: readonly Mutation[] = [
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
    name: 'a wrong customer key opens the object',
    profile: 's3',
    tried: 's3/objects/sse-c/get-wrong-key',
    caughtBy: 's3/objects/sse-c/get-wrong-key',
    breaking: takingKeyA(({ method }) => method === 'GET'),
  },
  {
    name: 'the MD5 of a customer key is not compared with the key',
    profile: 's3',
    tried: 's3/objects/malformed-key/put-md5-of-other-key',
    caughtBy: 's3/objects/malformed-key/put-md5-of-other-key',
    breaking: takingKeyA(({ method }) => method === 'PUT'),
  },
  {
    name: 'a part with another customer key than that of its upload is taken',
    profile: 's3',
    tried: 's3/multipart/sse-c/part-with-other-key',
    caughtBy: 's3/multipart/sse-c/part-with-other-key',
    breaking: takingKeyA(({ target }) => target.includes('partNumber=')),
  },
  {
    name: 'the last part is dropped when an upload is completed',
    profile: 's3',
    tried: 's3/multipart/sse-s3/whole',
    caughtBy: 's3/multipart/sse-s3/whole',
    breaking: reading((request) => {
      const text = Buffer.from(request.body).toString('utf8');
      if (request.method !== 'POST' || !text.includes('<CompleteMultipartUpload')) return undefined;
      const last = text.lastIndexOf('<Part>');
      return withBody(request, text.slice(0, last) + text.slice(text.lastIndexOf('</Part>') + '</Part>'.length));
    }),
  },
  {
    name: 'nothing is encrypted, whatever is asked for',
    profile: 's3',
    tried: 's3/objects/sse-c-a/16384-bytes',
    caughtBy: 's3/objects/sse-c-a/16384-bytes',
    breaking: reading((request) => ({ ...request, headers: without(request.headers, /server-side-encryption/) })),
  },
  {
    name: 'a copy does not get the customer key that it asks for, but the answer says so',
    profile: 's3',
    tried: 's3/copies/none-to-sse-c-b',
    caughtBy: 's3/copies/none-to-sse-c-b',
    breaking: (send, tools) => async (request) => {
      if (!has(request, /^x-amz-copy-source$/)) return send(request);
      const md5 = request.headers.find(([name]) => named(/^x-amz-server-side-.*-md5$/)(name))?.[1] ?? '';
      const headers = without(request.headers, /^x-amz-server-side-encryption-customer/);
      const answer = await send(tools.sign({ ...request, headers }));
      return withHeader(withHeader(answer, `${sse}-customer-algorithm`, 'AES256'), `${sse}-customer-key-md5`, md5);
    },
  },
  {
    name: 'an object with SSE-C is copied without its key',
    profile: 's3',
    tried: 's3/copies/sse-c/without-source-key',
    caughtBy: 's3/copies/sse-c/without-source-key',
    breaking: reading((request, tools) =>
      has(request, /^x-amz-copy-source$/) && !has(request, /^x-amz-copy-source-server/)
        ? { ...request, headers: [...request.headers, ...keyHeaders(tools, sourceKey)] }
        : undefined,
    ),
  },
  {
    name: 'a condition on reads is ignored',
    profile: 's3',
    tried: 's3/conditions/none/if-match-other',
    caughtBy: 's3/conditions/none/if-match-other',
    breaking: reading((request) => ({ ...request, headers: without(request.headers, /^if-/) })),
  },
  {
    name: 'a range says another size of the object',
    profile: 's3',
    tried: 's3/objects/sse-s3/range-open-end',
    caughtBy: 's3/objects/sse-s3/range-open-end',
    breaking: answering((answer) => {
      const range = answer.headers.get('content-range');
      return range === undefined ? answer : withHeader(answer, 'content-range', range.replace(/\d+$/, '50065'));
    }),
  },
  {
    name: 'the default encryption of a bucket is not kept, though its setting was answered with success',
    profile: 's3',
    tried: 's3/bucket-encryption/effect',
    caughtBy: 's3/bucket-encryption/effect',
    breaking: (send) => (request) =>
      request.method === 'PUT' && request.target.endsWith('?encryption=')
        ? Promise.resolve({ status: 200, headers: new Map(), body: new Uint8Array() })
        : send(request),
  },
  {
    name: 'the ETag of an object with SSE-C is the MD5 of its content',
    profile: 's3',
    tried: 's3/objects/sse-c/etag-tells-nothing',
    caughtBy: 's3/objects/sse-c/etag-tells-nothing',
    breaking: answering((answer, { method, body }) =>
      method === 'PUT' ? withHeader(answer, 'etag', `"${createHash('md5').update(body).digest('hex')}"`) : answer,
    ),
  },
  {
    name: 'the key in a presigned URL need not be sent',
    profile: 's3',
    tried: 's3/presigned/sse-c/without-key',
    caughtBy: 's3/presigned/sse-c/without-key',
    breaking: answering((answer, { method, target }) =>
      method === 'GET' && target.includes('X-Amz-Signature') ? { ...answer, status: 200 } : answer,
    ),
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
