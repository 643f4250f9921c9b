import { HeaderList } from '@coffer/http';
import {
  encodePath,
  isSupportedName,
  parseCopyRange,
  parseCopySource,
  QueryParameters,
  readEncryptionHeaders,
  readRequest,
  S3Error,
  s3OperationNames,
  selectOperation,
  splitAddress,
  type RequestedEncryption,
} from '@coffer/s3-schema';
import { wipeEncryption } from '@coffer/sse-schema';
import fc from 'fast-check';
import { oddText, oneLine } from '../odd-text.ts';
import { headerPairs, queryText } from '../s3/garbage.ts';
import { customerKey, customerKeyMd5 } from '../stage.ts';
import { Broken, outcomeOf, parserTarget, requireSame, verdictOf } from './parser-target.ts';

const pieceOfPath = fc.oneof(
  oddText,
  fc.constantFrom('bucket', 'a%20b', '?versionId=4_z1', '%2F', '/', '?', '%3F', '\u00c3\u00a9'),
);
const path = fc.array(pieceOfPath, { maxLength: 5 }).map((pieces) => oneLine(pieces.join('')));

/** A source that is taken means the same when it is written as plainly as can be. */
export const copySourceTarget = parserTarget('copy source', path, async (text) => {
  const range = await outcomeOf(S3Error, () => parseCopyRange(text));
  if (range.value !== undefined && range.value.first > range.value.last)
    throw new Broken('a range of less than nothing');
  const outcome = await outcomeOf(S3Error, () => parseCopySource(text));
  if (outcome.value === undefined) return verdictOf(outcome);
  const { bucket, key, versionId } = outcome.value;
  const version = versionId === undefined ? '' : `?versionId=${encodePath(versionId)}`;
  const plain = `${encodePath(bucket).replaceAll('/', '%2F')}/${encodePath(key)}${version}`;
  // A bucket with a slash in it cannot be written at all; there is none of such a name.
  if (!bucket.includes('/')) requireSame(parseCopySource(plain), outcome.value, 'a copy source and its plain form');
  return 'taken';
});

const domains = [
  { domain: 's3.test', region: 'us-east-1' },
  { domain: 'eu.s3.test', region: 'eu' },
];
const address = fc.record({
  host: fc.oneof(
    fc.constantFrom('s3.test', 'photos.s3.test:80', 'a.eu.s3.test.', 'S3.TEST', ':', '.s3.test', '[::1]:9'),
    oddText.map(oneLine),
  ),
  path: path.map((text) => `/${text}`),
});

/** Bucket and key of a path are found again in the path that is written from them. */
export const addressTarget = parserTarget('address', address, async ({ host, path: raw }) => {
  const outcome = await outcomeOf(S3Error, () => splitAddress(host, raw, domains));
  if (outcome.value === undefined) return 'refused';
  const { style, bucket, key = '' } = outcome.value;
  const inPath = style === 'path' && bucket !== undefined;
  const place = inPath ? `/${encodePath(bucket).replaceAll('/', '%2F')}` : '';
  const again = splitAddress(host, `${place}/${encodePath(key)}`, domains);
  requireSame(again, outcome.value, 'an address and its plain form');
  return 'taken';
});

/** In headers of keys only: what is sent in another header, such as that of the algorithm, is no secret. */
const secretKey = Buffer.alloc(32, 9).toString('base64');
const asKey = ([name, value]: readonly [string, string]): [string, string] => [
  name,
  name.endsWith('-key') && value === customerKey ? secretKey : value,
];

const sse = 'x-amz-server-side-encryption';
const source = 'x-amz-copy-source-server-side-encryption-customer';
const sseHeaders = fc.record({
  use: fc.constantFrom('write', 'copy', 'read', 'none'),
  isSecure: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  pairs: fc.array(
    fc.tuple(
      fc.constantFrom(
        sse,
        ...[`${sse}-customer`, source].flatMap((of) => [`${of}-algorithm`, `${of}-key`, `${of}-key-MD5`]),
      ),
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom('AES256', customerKey, customerKeyMd5) }, oddText.map(oneLine)),
    ),
    { maxLength: 7 },
  ),
});

/** No refusal tells a key. */
export const encryptionTarget = parserTarget('encryption headers', sseHeaders, async ({ use, isSecure, pairs }) => {
  const outcome = await keepingKeys(() => readEncryptionHeaders(use, new HeaderList(pairs.map(asKey)), isSecure));
  if (outcome.value !== undefined) wipe(outcome.value);
  return verdictOf(outcome);
});

const head = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH'),
  bucket: fc.option(fc.constant('photos'), { nil: null }),
  key: fc.option(fc.constant('a/b'), { nil: null }),
  query: queryText(oddText),
  pairs: headerPairs(fc.oneof(oddText, fc.constantFrom('AES256', customerKey, customerKeyMd5))),
  name: fc.constantFrom(...s3OperationNames.filter(isSupportedName)),
});

/** Heads of requests, read as the operation that they are, and as some other one. */
export const headTarget = parserTarget(
  'heads of requests',
  head,
  async ({ method, bucket, key, query: text, pairs, name }) => {
    const outcome = await keepingKeys(() => {
      const headers = new HeaderList(pairs.map(asKey));
      const query = QueryParameters.parse(text);
      const selection = selectOperation({ method, bucket: bucket ?? undefined, key: key ?? undefined, query, headers });
      const selected = selection.kind === 'operation' && isSupportedName(selection.name) ? selection.name : name;
      for (const one of new Set([selected, name]))
        wipe(readRequest(one, { query, headers, isSecure: true }).encryption);
    });
    return verdictOf(outcome);
  },
);

async function keepingKeys<T>(parse: () => T) {
  return outcomeOf(S3Error, () => {
    try {
      return parse();
    } catch (error) {
      if (error instanceof S3Error && `${error.message} ${JSON.stringify(error.details)}`.includes(secretKey))
        throw new Broken('a refusal that tells a customer key');
      throw error;
    }
  });
}

function wipe({ target, source: copied }: RequestedEncryption): void {
  wipeEncryption(target);
  wipeEncryption(copied);
}
