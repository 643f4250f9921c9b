import { SecretString } from '@coffer/bytes';
import { HeaderList, splitTarget } from '@coffer/http';
import {
  neededCapabilities,
  QueryParameters,
  s3Capabilities,
  s3ErrorCodes,
  s3Headers,
  type Given,
  type S3Capability,
  type S3ErrorCode,
  type SupportedRow,
} from '@coffer/s3-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, childText, errorMessage, type Answer, type TestServer } from './test-support/test-server.ts';
import { assertUnchanged } from './test-support/store-snapshot.ts';
import { preparedServers, type PreparedServers } from './test-support/prepared-server.ts';
import { signedRequest, type TestKey } from './test-support/s3-client.ts';
import {
  buckets,
  md5Base64,
  requestOf,
  rowOf,
  signedNames,
  type PlainRequest,
  type SignedName,
  type ValidCall,
  type ValidCalls,
} from './test-support/valid-requests.ts';

const minute = 60_000;

let clock: PreparedServers['clock'];
let open: PreparedServers['open'];
let server: TestServer;
let calls: ValidCalls;
let keys: Awaited<ReturnType<typeof makeKeys>>;
beforeAll(async () => {
  ({ clock, open } = await preparedServers());
  ({ server, calls } = await open());
  keys = await makeKeys();
});

/** Keys that lack the right, each in one way; made before anything is refused, as nothing may change then. */
async function makeKeys() {
  const { accounts, applicationKeys } = server.storage;
  const { accountId, key: own } = server;
  const other = await accounts.create({ name: 'another' });
  const otherAccount = { id: other.accountId, key: await server.createKey(undefined, { accountId: other.accountId }) };
  const deleted = await server.createKey();
  await applicationKeys.delete(accountId, deleted.id);
  const short = await applicationKeys.create({
    ...{ accountId, keyName: 'short', capabilities: s3Capabilities, bucketIds: null, namePrefix: null },
    validDurationInSeconds: 1,
  });
  clock.advance(2_000);
  const bucketId = await server.createBucket('bucket-other');
  return {
    unknown: { id: `001${'0'.repeat(22)}`, secret: own.secret },
    wrongSecret: { id: own.id, secret: SecretString.of('K001'.padEnd(31, 'x')) },
    master: { id: accountId, secret: await accounts.revealMasterKey(accountId) },
    expired: { id: short.key.applicationKeyId, secret: short.secret },
    deleted,
    otherBucket: await server.createKey(undefined, { bucketIds: [bucketId] }),
    otherPrefix: await server.createKey(undefined, { namePrefix: 'elsewhere/' }),
    ownBucketOtherPrefix: await server.createKey(undefined, {
      bucketIds: [(await server.storage.buckets.getByName(buckets.full)).bucketId],
      namePrefix: 'elsewhere/',
    }),
    otherAccount,
  };
}

/** A way to lack the right: how a request is sent, and what is answered. */
interface Way {
  readonly send: (request: PlainRequest) => Promise<Answer>;
  readonly code: S3ErrorCode | ((row: SupportedRow) => S3ErrorCode);
  readonly message?: RegExp;
  /** Why the way cannot be taken with an operation, by what its row says; every other pair is tried. */
  readonly excuse?: (row: SupportedRow) => string | undefined;
}

const as = (key: () => TestKey | null) => (request: PlainRequest) => server.send({ ...request, key: key() });
const presigned = (request: PlainRequest, changes: object, expiresIn?: number) =>
  server.sendRaw({
    ...request,
    headers: { Host: 'localhost', ...request.headers },
    target: server.presigned({ ...request, ...changes }, expiresIn),
  });
const needsNoBucket = ({ restriction, name }: SupportedRow) =>
  restriction === 'account' || name === 'CreateBucket' ? 'it is about no bucket that there is' : undefined;

const ways = {
  'no signature': { send: as(() => null), code: 'AccessDenied', message: /^Access Denied$/ },
  'the id of no key': { send: as(() => keys.unknown), code: 'InvalidAccessKeyId' },
  'a wrong secret': { send: as(() => keys.wrongSecret), code: 'SignatureDoesNotMatch' },
  'a signature of another request': {
    send: (request) =>
      server.sendRaw({
        ...request,
        target: `${request.target}${request.target.includes('?') ? '&' : '?'}x-id=Other`,
        headers: signedRequest({ ...request, key: server.key, now: server.now }).headers ?? [],
      }),
    code: 'SignatureDoesNotMatch',
  },
  'the master key': { send: as(() => keys.master), code: 'InvalidAccessKeyId', message: /^Malformed Access Key Id/ },
  'an expired key': { send: as(() => keys.expired), code: 'InvalidAccessKeyId' },
  'a deleted key': { send: as(() => keys.deleted), code: 'InvalidAccessKeyId' },
  'a key for another bucket': {
    send: as(() => keys.otherBucket),
    code: 'AccessDenied',
    excuse: ({ restriction }) =>
      restriction === 'account' ? 'a key with listAllBucketNames may see all names' : undefined,
  },
  'a key for another prefix': {
    send: as(() => keys.otherPrefix),
    code: 'AccessDenied',
    excuse: ({ restriction }) => {
      if (restriction === 'entries') return 'its entries are refused one by one';
      return restriction === 'account' || restriction === 'bucket' ? 'it is about no object' : undefined;
    },
  },
  'a key of another account': {
    send: as(() => keys.otherAccount.key),
    code: 'NoSuchBucket',
    excuse: needsNoBucket,
  },
  'a signature for another region': {
    send: (request) => server.send({ ...request, region: 'eu-west-3' }),
    code: 'AuthorizationHeaderMalformed',
    message: /the region 'eu-west-3' is wrong; expecting 'us-east-1'$/,
  },
  'a URL for another region': {
    send: (request) => presigned(request, { region: 'eu-west-3' }),
    code: 'AuthorizationQueryParametersError',
  },
  'a clock that is slow': {
    send: (request) => server.send({ ...request, now: server.now - 16 * minute }),
    code: 'RequestTimeTooSkewed',
  },
  'a clock that is fast': {
    send: (request) => server.send({ ...request, now: server.now + 16 * minute }),
    code: 'RequestTimeTooSkewed',
  },
  'a URL that has expired': {
    send: (request) => presigned(request, { now: server.now - 2 * minute }, 60),
    code: 'AccessDenied',
    message: /^Request has expired$/,
  },
  'a URL that is not valid yet': {
    send: (request) => presigned(request, { now: server.now + 16 * minute }),
    code: 'AccessDenied',
    message: /^Request is not valid yet$/,
  },
} satisfies Readonly<Record<string, Way>>;

const wayNames = Object.keys(ways) as (keyof typeof ways)[];
const wayOf = (name: keyof typeof ways): Way => ways[name];
const pairs = signedNames.flatMap((name) => wayNames.map((way) => [name, way] as const));
const tried = pairs.filter(([name, way]) => wayOf(way).excuse?.(rowOf(name)) === undefined);
const excused = pairs.filter((pair) => !tried.includes(pair));

/** Expects a refusal, and that nothing that is stored has changed by it. */
async function expectRefusal(
  send: () => Promise<Answer>,
  { method }: PlainRequest,
  code: S3ErrorCode,
  message: RegExp = /./,
) {
  const before = await server.snapshot();
  server.events.length = 0;
  const answer = await send();
  if (method === 'HEAD') expect([answer.status, answer.text]).toEqual([s3ErrorCodes[code].status, '']);
  else {
    expect([answer.status, answer.code]).toEqual([s3ErrorCodes[code].status, code]);
    expect(errorMessage(answer)).toMatch(message);
  }
  assertUnchanged(before, await server.snapshot());
}

describe('who lacks the right', () => {
  it('is tried, or excused with a reason, in every way at every operation', () => {
    expect(tried.length).toBeGreaterThan(600);
    expect(excused.length).toBeLessThan(tried.length / 10);
  });

  it.each(tried)('%s is refused to a caller with %s', async (name, way) => {
    const { send, code, message } = wayOf(way);
    const request = requestOf(name, calls[name]);
    await expectRefusal(() => send(request), request, typeof code === 'string' ? code : code(rowOf(name)), message);
  });
});

/** Headers that a request has to have beside the one that needs a capability of its own. */
const companions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [s3Headers.lockMode]: {
    [s3Headers.lockMode]: 'GOVERNANCE',
    [s3Headers.retainUntil]: '2030-01-01T00:00:00Z',
  },
  [s3Headers.legalHold]: { [s3Headers.legalHold]: 'ON' },
};

/** A call that has what needs another capability. */
function withGiven(name: SignedName, given: Given): ValidCall {
  const call = calls[name];
  if ('query' in given) return { ...call, query: { ...call.query, [given.query]: unusedVersion } };
  const value = given.value === undefined ? companions[given.header] : { [given.header]: given.value };
  if (value === undefined) throw new TypeError(`There is no value for ${given.header}`);
  const md5: Readonly<Record<string, string>> =
    name === 'PutObject' ? { 'Content-MD5': md5Base64(call.body ?? '') } : {};
  return { ...call, headers: { ...call.headers, ...md5, ...value } };
}

const unusedVersion = '4_z000000000000000000000000_f10000000000000000_d20230101_m000000_c000_v0000000_t0000';

/** Each call of an operation that needs other capabilities than the others: plain, and with what its row names. */
function variantsOf(name: SignedName): readonly { readonly label: string; readonly given: Given | undefined }[] {
  const { instead, besides = [] } = rowOf(name).capability;
  const givens = [...(instead === undefined ? [] : [instead.given]), ...besides.map(({ given }) => given)];
  const labelled = givens.map((given) => ({ label: 'query' in given ? given.query : given.header, given }));
  return [{ label: 'nothing special', given: undefined }, ...labelled];
}

function groupsOf(name: SignedName, call: ValidCall): readonly (readonly S3Capability[])[] {
  const { headers, target } = requestOf(name, call);
  const input = { headers: HeaderList.from(headers), query: QueryParameters.parse(splitTarget(target).query) };
  const { source } = rowOf(name).capability;
  return [...neededCapabilities(rowOf(name), input), ...(source === undefined ? [] : [[source]])];
}

const variants = signedNames.flatMap((name) => variantsOf(name).map((variant) => ({ name, ...variant })));

describe('a capability', () => {
  it.each(variants)('that $name with $label needs is missed', async ({ name, given }) => {
    const call = given === undefined ? calls[name] : withGiven(name, given);
    const groups = groupsOf(name, call);
    expect(groups.length).toBeGreaterThan(given === undefined || 'query' in given ? 0 : 1);
    const request = requestOf(name, call);
    for (const group of groups) {
      const key = await server.createKey(s3Capabilities.filter((capability) => !group.includes(capability)));
      await expectRefusal(() => server.send({ ...request, key }), request, 'AccessDenied');
    }
  });

  it.each(signedNames)('that %s needs suffices with the other ones that it needs', async (name) => {
    const { server: fresh, calls: same } = await open();
    const call = same[name];
    const needed = groupsOf(name, call).map(([first]) => first ?? '');
    const key = await fresh.createKey(needed);
    const request = requestOf(name, call);
    expect((await fresh.send({ ...request, key })).status).toBe(rowOf(name).answer.status);
  });
});

describe('a list of deletions', () => {
  const entry = (key: string, versionId?: string) =>
    `<Object><Key>${key}</Key>${versionId === undefined ? '' : `<VersionId>${versionId}</VersionId>`}</Object>`;
  const outcomes = ({ xml }: Answer) =>
    ['Deleted', 'Error'].flatMap((kind) =>
      childrenOf(xml, kind).map((child) => [childText(child, 'Key'), childText(child, 'Code')]),
    );

  it('is refused entry by entry: by the capability that each needs, and by the prefix of the key', async () => {
    const { server: fresh } = await open();
    const versionId = (await fresh.ok({ target: '/bucket-full/in/listed' })).headers.get('x-amz-version-id') ?? '';
    const body = `<Delete>${entry('in/kept')}${entry('in/listed', versionId)}</Delete>`;
    const send = (key: TestKey) => fresh.ok({ method: 'POST', target: '/bucket-full?delete', body, key });
    const denied = 'AccessDenied';
    const outside = await fresh.createKey(undefined, { namePrefix: 'in/k' });
    expect(outcomes(await send(outside))).toEqual([
      ['in/kept', undefined],
      ['in/listed', denied],
    ]);
    const hider = await fresh.createKey(['writeFiles']);
    expect(outcomes(await send(hider))).toEqual([
      ['in/kept', undefined],
      ['in/listed', denied],
    ]);
    const remover = await fresh.createKey(['deleteFiles']);
    expect(outcomes(await send(remover))).toEqual([
      ['in/listed', undefined],
      ['in/kept', denied],
    ]);
  });
});

/** What an answer says, but for what is different in each. */
function said({ status, headers, text }: Answer, name: string): unknown {
  const own = headers.pairs.filter(([header]) => !/^x-amz-(?:request-id|id-2)$/i.test(header));
  const body = text.replaceAll(name, 'BUCKET').replaceAll(/<(RequestId|HostId)>[^<]*</g, '<$1><');
  return { status, headers: own, body };
}

describe('a bucket that there is and one that there is not', () => {
  const inBucket = signedNames.filter((name) => rowOf(name).level !== 'service');
  const callers: [string, () => TestKey | null, (name: SignedName) => boolean][] = [
    ['nobody', () => null, () => true],
    ['a key for another bucket', () => keys.otherBucket, () => true],
    // Names are common to all accounts, so making a bucket has to tell that its name is taken.
    ['a key of another account', () => keys.otherAccount.key, (name) => name !== 'CreateBucket'],
  ];

  it.each(callers)('are the same to %s', async (_, key, isTried) => {
    for (const name of inBucket.filter(isTried)) {
      const answers = [];
      for (const bucket of [buckets.full, 'bucket-nope']) {
        const request = requestOf(name, { ...calls[name], bucket });
        answers.push(said(await server.send({ ...request, key: key() }), bucket));
      }
      expect(answers[1], name).toEqual(answers[0]);
    }
  });

  it('are the same as the source of a copy', async () => {
    const { server: fresh, calls: same } = await open();
    const { accountId } = await fresh.storage.accounts.create({ name: 'another' });
    const key = await fresh.createKey(undefined, { accountId });
    await fresh.ok({ method: 'PUT', target: '/bucket-own', key });
    const upload = await fresh.ok({ method: 'POST', target: '/bucket-own/in/large?uploads', key });
    const uploadId = childText(upload.xml, 'UploadId') ?? '';
    const restricted = await fresh.createKey(undefined, {
      accountId,
      bucketIds: [(await fresh.storage.buckets.getByName('bucket-own')).bucketId],
    });
    for (const name of ['CopyObject', 'UploadPartCopy'] as const) {
      for (const [copier, code] of [[key, 'NoSuchBucket'] as const, [restricted, 'AccessDenied'] as const]) {
        const answers = [];
        for (const bucket of [buckets.full, 'bucket-nope']) {
          const query = name === 'CopyObject' ? {} : { uploadId, partNumber: '1' };
          const headers = { 'x-amz-copy-source': `${bucket}/in/kept` };
          const request = requestOf(name, { ...same[name], bucket: 'bucket-own', query, headers });
          answers.push(said(await fresh.refused({ ...request, key: copier }, { code }), bucket));
        }
        expect(answers[1]).toEqual(answers[0]);
      }
    }
  });

  it('have no ids that are of use in the bucket of another account', async () => {
    const { server: fresh, calls: same } = await open();
    const { accountId } = await fresh.storage.accounts.create({ name: 'another' });
    const key = await fresh.createKey(undefined, { accountId });
    await fresh.ok({ method: 'PUT', target: '/bucket-own', key });
    const versionId = (await fresh.ok({ target: '/bucket-full/in/kept' })).headers.get('x-amz-version-id') ?? '';
    const ofVersion = ['GetObject', 'HeadObject', 'GetObjectAcl', 'GetObjectAttributes', 'GetObjectTagging'] as const;
    for (const name of ofVersion) {
      const request = requestOf(name, { ...same[name], bucket: 'bucket-own', query: { versionId } });
      await fresh.refused({ ...request, key }, { code: 'NoSuchVersion' });
    }
    const deletion = { method: 'DELETE', target: `/bucket-own/in/kept?versionId=${versionId}`, key };
    const before = await fresh.snapshot();
    expect((await fresh.send(deletion)).status).toBe(204);
    expect(await fresh.snapshot()).toEqual(before);
    const ofUpload = ['UploadPart', 'ListParts', 'AbortMultipartUpload', 'CompleteMultipartUpload'] as const;
    for (const name of ofUpload) {
      const request = requestOf(name, { ...same[name], bucket: 'bucket-own' });
      await fresh.refused({ ...request, key }, { code: 'NoSuchUpload' });
    }
  });

  it('are not found in lists of another account', async () => {
    const { xml } = await server.ok({ target: '/', key: keys.otherAccount.key });
    expect(xml?.children.find(({ name }) => name === 'Buckets')?.children).toEqual([]);
    expect(childText(xml?.children[0], 'ID')).toBe(keys.otherAccount.id);
  });
});

describe('a bucket that everybody may read', () => {
  it('lets nobody do anything but read objects', async () => {
    const { server: fresh, calls: same } = await open();
    await fresh.ok({ method: 'PUT', target: '/bucket-full?acl', headers: { 'x-amz-acl': 'public-read' } });
    for (const name of signedNames) {
      const request = { ...requestOf(name, same[name]), key: null };
      if (rowOf(name).isOpenInPublicBucket) expect((await fresh.ok(request)).status).toBe(200);
      else await fresh.refused(request, { code: 'AccessDenied' });
    }
    await fresh.refused({ target: '/bucket-full/in/none', key: null }, { code: 'NoSuchKey' });
    const overriding = { target: '/bucket-full/in/kept?response-content-type=text/html', key: null };
    await fresh.refused(overriding, { code: 'InvalidRequest' });
  });

  it('lets every key read objects, of whatever restriction and account', async () => {
    const { server: fresh } = await open();
    await fresh.ok({ method: 'PUT', target: '/bucket-full?acl', headers: { 'x-amz-acl': 'public-read' } });
    const { accountId } = await fresh.storage.accounts.create({ name: 'another' });
    const readers = [
      await fresh.createKey(['listBuckets']),
      await fresh.createKey(undefined, { namePrefix: 'elsewhere/' }),
      await fresh.createKey(undefined, { accountId }),
    ];
    for (const key of readers) expect((await fresh.ok({ target: '/bucket-full/in/kept', key })).status).toBe(200);
  });
});

describe('the expected owner', () => {
  it.each(signedNames)('of %s has to be the account', async (name) => {
    const request = (owner: string) => {
      const call = calls[name];
      return requestOf(name, { ...call, headers: { ...call.headers, [s3Headers.expectedOwner]: owner } });
    };
    await expectRefusal(() => server.send(request('0'.repeat(12))), request(''), 'AccessDenied');
    const fresh = await open();
    const answer = await fresh.server.send(request(server.accountId));
    expect(answer.status).toBe(rowOf(name).answer.status);
  });

  it('of the source of a copy has to be the account', async () => {
    for (const name of ['CopyObject', 'UploadPartCopy'] as const) {
      const headers = { ...calls[name].headers, [s3Headers.sourceExpectedOwner]: '0'.repeat(12) };
      await server.refused(requestOf(name, { ...calls[name], headers }), { code: 'AccessDenied' });
    }
  });
});

describe('the region', () => {
  it('that is right is told, unless the server is to be as strict as B2', async () => {
    const request = requestOf('ListBuckets', calls.ListBuckets);
    const told = await server.send({ ...request, region: 'eu-west-3' });
    expect(childText(told.xml, 'Region')).toBe('us-east-1');
    const strict = await open({ b2Strict: true });
    const refused = await strict.server.refused({ ...request, region: 'eu-west-3' }, { code: 'AccessDenied' });
    expect(refused.text).not.toContain('us-east-1');
    const target = strict.server.presigned({ ...request, region: 'eu-west-3' });
    const inUrl = await strict.server.sendRaw({ target, headers: { Host: 'localhost' } });
    expect([inUrl.status, inUrl.code]).toEqual([403, 'AccessDenied']);
    expect(inUrl.text).not.toContain("expecting 'us-east-1'");
  });
});
