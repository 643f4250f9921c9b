import { byBytes, listPage, pathOf, type ListQuery } from '../../../../packages/s3-protocol/src/test-support/lists.ts';
import { completionOf } from '../../../../packages/s3-protocol/src/test-support/multipart.ts';
import {
  childrenOf,
  childText,
  type Answer,
  type TestServer,
} from '../../../../packages/s3-protocol/src/test-support/test-server.ts';
import { encryptions } from '../customer-keys.ts';
import type { BucketNames, ListedVersion, Made, Result, VersionNames, Wire } from './wire.ts';

const resultOf = ({ status, code }: Answer): Result =>
  status < 300 ? { done: true } : { done: false, why: `${status} ${code}` };

const madeOf = (answer: Answer): Made => {
  const { headers, status, code } = answer;
  if (status >= 300) return { done: false, why: `${status} ${code}` };
  return { done: true, fileId: headers.get('x-amz-version-id') ?? childText(answer.xml, 'UploadId') ?? '' };
};

const encryptionDocument =
  '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>' +
  '</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>';

const targetOf = ({ name: bucket }: BucketNames, { name, fileId }: VersionNames, query = 'versionId') =>
  `${pathOf(bucket, name)}?${query}=${fileId}`;
const sourceOf = (bucket: BucketNames, source: VersionNames) => ({
  'x-amz-copy-source': targetOf(bucket, source),
  ...encryptions[source.mode].s3Source,
});
const bypassing = (bypass: boolean) => (bypass ? { 'x-amz-bypass-governance-retention': 'true' } : {});

/** The S3 Compatible API. */
export function s3Wire(server: TestServer): Wire {
  const setDefault = async ({ name }: Pick<BucketNames, 'name'>, encrypts: boolean) => {
    const target = `/${name}?encryption`;
    if (encrypts) await server.ok({ method: 'PUT', target, body: encryptionDocument });
    else await server.ok({ method: 'DELETE', target });
  };
  return {
    name: 's3',
    hidesAnything: true,
    createBucket: async (name, { encrypts, locks }) => {
      const headers = locks ? { 'x-amz-bucket-object-lock-enabled': 'true' } : {};
      const result = resultOf(await server.send({ method: 'PUT', target: `/${name}`, headers }));
      if (result.done && encrypts) await setDefault({ name }, true);
      return result;
    },
    setDefault,
    deleteBucket: async ({ name }) => resultOf(await server.send({ method: 'DELETE', target: `/${name}` })),
    put: async ({ name: bucket }, name, body, mode) => {
      const headers = encryptions[mode].s3Headers;
      return madeOf(await server.send({ method: 'PUT', target: pathOf(bucket, name), body, headers }));
    },
    hide: async ({ name: bucket }, name) =>
      madeOf(await server.send({ method: 'DELETE', target: pathOf(bucket, name) })),
    copy: async (from, source, { name: bucket }, name, mode) => {
      const headers = { ...sourceOf(from, source), ...encryptions[mode].s3Headers };
      return madeOf(await server.send({ method: 'PUT', target: pathOf(bucket, name), headers }));
    },
    deleteVersion: async (bucket, version, bypass) => {
      const headers = bypassing(bypass);
      return resultOf(await server.send({ method: 'DELETE', target: targetOf(bucket, version), headers }));
    },
    retain: async (bucket, version, retention, bypass) => {
      const target = `${targetOf(bucket, version)}&retention`;
      const inner =
        retention &&
        `<Mode>${retention.mode.toUpperCase()}</Mode>` +
          `<RetainUntilDate>${new Date(retention.until).toISOString()}</RetainUntilDate>`;
      const body = `<Retention>${inner ?? ''}</Retention>`;
      return resultOf(await server.send({ method: 'PUT', target, body, headers: bypassing(bypass) }));
    },
    hold: async (bucket, version, hold) => {
      const body = `<LegalHold><Status>${hold.toUpperCase()}</Status></LegalHold>`;
      const target = `${targetOf(bucket, version)}&legal-hold`;
      return resultOf(await server.send({ method: 'PUT', target, body }));
    },
    start: async ({ name: bucket }, name, mode) => {
      const headers = encryptions[mode].s3Headers;
      return madeOf(await server.send({ method: 'POST', target: `${pathOf(bucket, name)}?uploads`, headers }));
    },
    part: async (bucket, file, number, body) => {
      const target = `${targetOf(bucket, file, 'uploadId')}&partNumber=${number}`;
      await server.ok({ method: 'PUT', target, body, headers: encryptions[file.mode].s3Reading });
    },
    copyPart: async (bucket, file, number, source) => {
      const target = `${targetOf(bucket, file, 'uploadId')}&partNumber=${number}`;
      const headers = { ...sourceOf(source.bucket, source), ...encryptions[file.mode].s3Reading };
      await server.ok({ method: 'PUT', target, headers });
    },
    finish: async (bucket, file) => {
      const target = targetOf(bucket, file, 'uploadId');
      const parts = (await partsOf(server, target)).map(([partNumber, , etag]) => ({ partNumber, etag }));
      return resultOf(await server.send({ method: 'POST', target, body: completionOf(parts) }));
    },
    cancel: async (bucket, file) => {
      await server.ok({ method: 'DELETE', target: targetOf(bucket, file, 'uploadId') });
    },
    listBuckets: async () => {
      const { xml } = await server.ok({ target: '/' });
      return (childrenOf(xml, 'Buckets')[0]?.children ?? []).map((row) => childText(row, 'Name') ?? '');
    },
    listVersions: ({ name }) => listVersions(server, name),
    listNames: ({ name }, prefix, delimiter) => listNames(server, name, { prefix, delimiter }),
    listUnfinished: async ({ name }) => {
      const { answer } = await listPage(server, name, { uploads: '' });
      return childrenOf(answer.xml, 'Upload').map((row) => childText(row, 'UploadId') ?? '');
    },
    listParts: async (bucket, file) => {
      const parts = await partsOf(server, targetOf(bucket, file, 'uploadId'));
      return parts.map(([number, size]) => [number, size] as const);
    },
    read: (bucket, version, reading) => {
      const headers = encryptions[reading?.mode ?? version.mode].s3Reading;
      return read(server, targetOf(bucket, version), headers);
    },
    readName: ({ name: bucket }, name, mode) => read(server, pathOf(bucket, name), encryptions[mode].s3Reading),
    lockOf: async (bucket, version) => {
      const headers = encryptions[version.mode].s3Reading;
      const answer = await server.ok({ method: 'HEAD', target: targetOf(bucket, version), headers });
      const [mode, until, hold] = ['mode', 'retain-until-date', 'legal-hold'].map((name) =>
        answer.headers.get(`x-amz-object-lock-${name}`),
      );
      return [mode?.toLowerCase() ?? null, until === undefined ? null : Date.parse(until), hold?.toLowerCase() ?? null];
    },
  };
}

async function read(server: TestServer, target: string, headers: Readonly<Record<string, string>>) {
  const { status, bytes } = await server.send({ target, headers });
  return { status, text: Buffer.from(bytes).toString('latin1') };
}

async function partsOf(server: TestServer, target: string) {
  const { xml } = await server.ok({ target });
  return childrenOf(xml, 'Part').map((row) => {
    const [number, size, etag] = ['PartNumber', 'Size', 'ETag'].map((name) => childText(row, name) ?? '');
    return [Number(number), Number(size), etag ?? ''] as const;
  });
}

async function listVersions(server: TestServer, bucket: string): Promise<readonly ListedVersion[]> {
  const rows: ListedVersion[] = [];
  let markers: ListQuery | undefined = {};
  while (markers !== undefined) {
    const { answer, field, isTruncated } = await listPage(server, bucket, { versions: '', 'max-keys': 3, ...markers });
    for (const row of answer.xml?.children ?? []) {
      if (row.name !== 'Version' && row.name !== 'DeleteMarker') continue;
      const name = childText(row, 'Key') ?? '';
      if ((childText(row, 'IsLatest') === 'true') !== (rows.at(-1)?.name !== name)) throw new Error('Not the latest');
      rows.push({
        name,
        fileId: childText(row, 'VersionId') ?? '',
        timestamp: Date.parse(childText(row, 'LastModified') ?? ''),
        action: row.name === 'Version' ? 'upload' : 'hide',
        size: Number(childText(row, 'Size') ?? 0),
      });
    }
    const [key, id] = [field('NextKeyMarker'), field('NextVersionIdMarker')];
    markers = isTruncated ? { 'key-marker': key, 'version-id-marker': id } : undefined;
  }
  return rows;
}

async function listNames(server: TestServer, bucket: string, query: ListQuery): Promise<readonly string[]> {
  const rows: string[] = [];
  let place: ListQuery | undefined = {};
  while (place !== undefined) {
    const page = await listPage(server, bucket, { 'list-type': 2, ...query, 'max-keys': 2, ...place });
    rows.push(...[...page.keys('Contents'), ...page.commonPrefixes].sort(byBytes));
    place = page.isTruncated ? { 'continuation-token': page.field('NextContinuationToken') } : undefined;
  }
  return rows;
}
