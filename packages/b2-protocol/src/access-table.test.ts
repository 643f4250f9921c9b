import { fixedClock } from '@coffer/storage-testkit';
import {
  capabilityNames,
  isAllowedOnBucketKey,
  operationNames,
  operations,
  type B2ErrorCode,
  type Capability,
  type OperationName,
  type OperationRow,
} from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';
import { validAttempts, type Attempt } from './test-support/valid-attempts.ts';

async function open() {
  const clock = fixedClock(1_700_000_000_000);
  const server = await TestServer.inMemory({ clock });
  const attempts = await validAttempts(server);
  return { clock, server, attempts };
}

type Opened = Awaited<ReturnType<typeof open>>;

const ways = [
  'no token',
  'a garbled token',
  'a forged token',
  'an expired token',
  'every capability but the one',
  'another bucket',
  'another prefix',
] as const;
/** A way to lack the right to call an operation. */
type Way = (typeof ways)[number];

const rowOf = (name: OperationName): OperationRow => operations[name];

function capabilityOf({ authorization }: OperationRow): Capability | undefined {
  if ('capability' in authorization) return authorization.capability;
  return authorization.by === 'basic' ? undefined : 'writeFiles';
}

/** Why a way cannot be taken with an operation, by what its row says; every other pair is tried. */
const impossible: { readonly [W in Way]?: (row: OperationRow) => string | undefined } = {
  'every capability but the one': ({ authorization }) =>
    authorization.by === 'basic' ? 'any key may be exchanged for a token' : undefined,
  'another bucket': ({ authorization, scope }) => {
    if (authorization.by === 'basic') return 'it is about no bucket';
    return scope.on === 'account' ? 'a key that is restricted to buckets cannot have the capability' : undefined;
  },
  'another prefix': ({ authorization, scope }) => {
    if (authorization.by === 'basic' || scope.on === 'account') return 'it is about no file';
    return scope.on === 'bucket' || scope.on === 'listBuckets'
      ? 'it is about a bucket; what it gives for files carries the prefix on'
      : undefined;
  },
};

const tried = operationNames.flatMap((name) =>
  ways.filter((way) => impossible[way]?.(rowOf(name)) === undefined).map((way) => [name, way] as const),
);
const excused = operationNames.flatMap((name) =>
  ways.flatMap((way) => {
    const reason = impossible[way]?.(rowOf(name));
    return reason === undefined ? [] : [[name, way, reason] as const];
  }),
);

/** The value of `Authorization` of a caller that lacks the right in that way. */
async function lacking(way: Way, name: OperationName, attempt: Attempt, { server, clock }: Opened) {
  const all = capabilityNames;
  switch (way) {
    case 'no token':
      return null;
    case 'a garbled token':
      return 'garbage';
    case 'a forged token':
      return forged(await attempt.authorizationOf({ capabilities: all }));
    case 'an expired token': {
      const held = await attempt.authorizationOf({ capabilities: all });
      clock.advance(3_600_000);
      return held;
    }
    case 'every capability but the one':
      return attempt.authorizationOf({ capabilities: all.filter((one) => one !== capabilityOf(rowOf(name))) });
    case 'another bucket':
      return attempt.authorizationOf({ capabilities: all, bucketIds: [await server.createBucket('bucket-other')] });
    case 'another prefix':
      return attempt.authorizationOf({ capabilities: all, namePrefix: 'elsewhere/' });
  }
}

/** Another text of the same shape. */
function forged(genuine: string): string {
  const at = Math.floor(genuine.length * 0.8);
  return `${genuine.slice(0, at)}${genuine[at] === 'A' ? 'B' : 'A'}${genuine.slice(at + 1)}`;
}

function expected(way: Way, { authorization, kind }: OperationRow): { status: number; code: B2ErrorCode } {
  const refused = (code: B2ErrorCode) => ({ status: 401, code });
  if (authorization.by === 'basic') return refused('unauthorized');
  switch (way) {
    case 'no token':
      return refused(kind === 'download' ? 'unauthorized' : 'missing_auth_token');
    case 'a garbled token':
    case 'a forged token':
      return refused('bad_auth_token');
    case 'an expired token':
      return refused('expired_auth_token');
    case 'every capability but the one':
      return 'otherwise' in authorization ? { status: 403, code: authorization.otherwise } : refused('unauthorized');
    case 'another bucket':
    case 'another prefix':
      return refused('unauthorized');
  }
}

describe('who lacks the right', () => {
  it('is tried, or excused with a reason, in every way at every operation', () => {
    expect(tried.length + excused.length).toBe(operationNames.length * ways.length);
    expect(excused.length).toBeLessThan(tried.length / 4);
    for (const [name, way] of excused.filter(([name]) => rowOf(name).authorization.by !== 'basic')) {
      if (way !== 'another bucket') continue;
      expect(isAllowedOnBucketKey(capabilityOf(rowOf(name))!), name).toBe(false);
    }
  });

  it.each(tried)('%s is refused to a caller with %s', async (name, way) => {
    const opened = await open();
    const attempt = opened.attempts[name]();
    const authorization = await lacking(way, name, attempt, opened);
    await opened.server.refused(() => attempt.send(authorization), expected(way, rowOf(name)));
  });

  it.each(operationNames)('%s works for a caller who has it, whatever else is restricted', async (name) => {
    for (const version of ['v1', 'v4'] as const) {
      const { attempts } = await open();
      const attempt = attempts[name](version);
      const answer = await attempt.send(await attempt.authorizationOf({ capabilities: capabilityNames }));
      expect([answer.status, answer.json.code]).toEqual([200, undefined]);
    }
  });
});

const withFields = operationNames.flatMap((name) =>
  (rowOf(name).fieldCapabilities ?? []).map(
    ({ field, capability, otherwise }) => [name, field, capability, otherwise] as const,
  ),
);

/** A value of each field that needs a capability of its own; in headers, where the operation takes them. */
const settings: Readonly<
  Record<string, { readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }>
> = {
  bypassGovernance: { json: true },
  defaultRetention: { json: { mode: null } },
  defaultServerSideEncryption: { json: { mode: 'SSE-B2', algorithm: 'AES256' } },
  fileLockEnabled: { json: true },
  fileRetention: {
    json: { mode: 'governance', retainUntilTimestamp: 1_800_000_000_000 },
    headers: {
      'X-Bz-File-Retention-Mode': 'governance',
      'X-Bz-File-Retention-Retain-Until-Timestamp': '1800000000000',
    },
  },
  legalHold: { json: 'on', headers: { 'X-Bz-File-Legal-Hold': 'on' } },
  replicationConfiguration: { json: {} },
};

describe('a field that needs a capability of its own', () => {
  it('has a value to be tried with', () => {
    expect(withFields.length).toBeGreaterThan(10);
    for (const [, field] of withFields) expect(settings).toHaveProperty(field);
  });

  it.each(withFields)('%s refuses %s without %s', async (name, field, capability, otherwise) => {
    const { server, attempts } = await open();
    const capabilities = capabilityNames.filter((one) => one !== capability);
    const authorization = await attempts[name]().authorizationOf({ capabilities });
    const refused =
      otherwise === undefined
        ? ({ status: 401, code: 'unauthorized' } as const)
        : ({ status: 403, code: otherwise } as const);
    await server.refused(
      () =>
        attempts[name]().send(authorization, {
          fields: { [field]: settings[field]?.json },
          ...(settings[field]?.headers && { headers: settings[field].headers }),
        }),
      refused,
    );
  });
});
