import { capabilityNames, operations, type RequestOf } from '@coffer/b2-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';

const runs = 150;

type Settings = Omit<RequestOf<'b2_update_bucket'>, 'accountId' | 'bucketId'>;

const corsRule = {
  corsRuleName: 'downloads',
  allowedOrigins: ['https'],
  allowedOperations: ['s3_get'],
  maxAgeSeconds: 1,
};
const lifecycleRule = { fileNamePrefix: 'logs/', daysFromHidingToDeleting: 3 };
const replicationRule = { destinationBucketId: 'a'.repeat(24), replicationRuleName: 'rule' };
const source = { sourceApplicationKeyId: '002d2e6b27577ea000000000c', replicationRules: [replicationRule] };

interface Values {
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
}

/** Total: a setting that is not tried does not compile. The bucket is lock-enabled. */
const settings: Readonly<Record<keyof Settings, Values>> = {
  bucketType: { good: ['allPublic', 'allPrivate'], bad: ['public', 'snapshot', 1] },
  bucketInfo: { good: [{}, { a: 'b' }, { 'Cache-Control': 'max-age=1' }], bad: [{ ' ': 'x' }, { a: 1 }, [], 'x'] },
  corsRules: {
    good: [[], [corsRule]],
    bad: [
      [corsRule, corsRule],
      [{ ...corsRule, maxAgeSeconds: 86_401 }],
      [corsRule, { ...corsRule, allowedOrigins: [] }],
      {},
    ],
  },
  lifecycleRules: {
    good: [[], [lifecycleRule]],
    bad: [
      [lifecycleRule, lifecycleRule],
      [{ fileNamePrefix: '' }],
      [{ ...lifecycleRule, daysFromHidingToDeleting: 0 }],
    ],
  },
  defaultRetention: {
    good: [{ mode: null }, { mode: 'governance', period: { duration: 1, unit: 'days' } }],
    bad: [{ mode: 'governance' }, { mode: 'compliance', period: { duration: 0, unit: 'days' } }, 'none'],
  },
  defaultServerSideEncryption: {
    good: [{ mode: 'none' }, { mode: 'SSE-B2', algorithm: 'AES256' }],
    bad: [{ mode: 'SSE-C', algorithm: 'AES256' }, { mode: 'SSE-B2' }, 'AES256'],
  },
  fileLockEnabled: { good: [true], bad: [false, 'yes', 1] },
  replicationConfiguration: {
    good: [{}, { asReplicationSource: source }, { asReplicationDestination: null }],
    bad: [
      { asReplicationSource: {} },
      { asReplicationSource: { ...source, replicationRules: [replicationRule, replicationRule] } },
      { asReplicationSource: { ...source, replicationRules: [{ ...replicationRule, priority: -1 }] } },
      { asReplicationSource: { ...source, replicationRules: [{ ...replicationRule, replicationRuleName: 'a b' }] } },
      { more: 1 },
    ],
  },
  ifRevisionIs: { good: [], bad: [1, 99, -1, 'two'] },
};

const names = Object.keys(settings) as (keyof Settings)[];

/** Some settings, each with a good value, in any order. */
const goodSettings = fc
  .shuffledSubarray(names.filter((name) => settings[name].good.length > 0))
  .chain((chosen) =>
    fc.tuple(...chosen.map((name) => fc.constantFrom(...settings[name].good).map((value) => [name, value] as const))),
  )
  .map((pairs) => Object.fromEntries(pairs));

const badSetting = fc
  .constantFrom(...names)
  .chain((name) => fc.constantFrom(...settings[name].bad).map((value) => [name, value] as const));

/** The settings with one more among them, wherever. */
function withOne(good: object, [name, value]: readonly [string, unknown], place: number): Record<string, unknown> {
  const pairs = Object.entries(good).filter(([other]) => other !== name);
  return Object.fromEntries(pairs.toSpliced(place % (pairs.length + 1), 0, [name, value]));
}

async function scene() {
  const server = await TestServer.inMemory();
  const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
  return { server, bucketId };
}

describe('an update of a bucket', () => {
  it('is tried with every field', () => {
    const fields = Object.keys(operations.b2_update_bucket.request.shape);
    expect([...names, 'accountId', 'bucketId'].toSorted()).toEqual(fields.toSorted());
  });

  it('changes nothing if one of its fields is refused', async () => {
    const { server, bucketId } = await scene();
    await fc.assert(
      fc.asyncProperty(goodSettings, badSetting, fc.nat(), async (good, bad, place) => {
        const before = await server.snapshot();
        const answer = await server.call('b2_update_bucket', { bucketId, ...withOne(good, bad, place) });
        expect([400, 409]).toContain(answer.status);
        expect(await server.snapshot()).toEqual(before);
      }),
      { numRuns: runs },
    );
  });

  it('changes nothing if the caller may not change one of its fields', async () => {
    const { server, bucketId } = await scene();
    const { fieldCapabilities } = operations.b2_update_bucket;
    await fc.assert(
      fc.asyncProperty(goodSettings, fc.constantFrom(...fieldCapabilities), async (good, { field, capability }) => {
        const token = await server.restrictedToken(capabilityNames.filter((name) => name !== capability));
        const fields = { ...good, [field]: settings[field].good[0] };
        const before = await server.snapshot();
        const answer = await server.call('b2_update_bucket', { bucketId, ...fields }, { token });
        expect(answer.json.code).toBe('unauthorized');
        expect(await server.snapshot()).toEqual(before);
      }),
      { numRuns: runs },
    );
  });

  it('changes what it names and nothing else, all at once', async () => {
    const { server, bucketId } = await scene();
    const { accountId } = server;
    await fc.assert(
      fc.asyncProperty(goodSettings, async (good) => {
        const [before] = (await server.ok('b2_list_buckets', { accountId, bucketId })).buckets;
        const after = await server.ok('b2_update_bucket', { bucketId, ...good, ifRevisionIs: before!.revision });
        expect(after.revision).toBe(before!.revision + 1);
        for (const [shown, parts] of Object.entries(shownBy)) {
          const name = shown as keyof typeof shownBy;
          if (!parts.some((part) => part in good)) expect(after[name]).toEqual(before![name]);
        }
        for (const name of ['bucketType', 'bucketInfo'] as const)
          if (name in good) expect(after[name]).toEqual(good[name]);
        const again = await server.ok('b2_update_bucket', { bucketId, ...good });
        expect({ ...again, revision: 0 }).toEqual({ ...after, revision: 0 });
      }),
      { numRuns: runs },
    );
  });
});

/** Which settings each member of a bucket in a response shows. */
const shownBy = {
  bucketType: ['bucketType'],
  bucketInfo: ['bucketInfo'],
  bucketName: [],
  corsRules: ['corsRules'],
  lifecycleRules: ['lifecycleRules'],
  defaultServerSideEncryption: ['defaultServerSideEncryption'],
  fileLockConfiguration: ['defaultRetention', 'fileLockEnabled'],
  replicationConfiguration: ['replicationConfiguration'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
