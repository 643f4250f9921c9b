import { SecretString } from '@coffer/bytes';
import {
  casesOf,
  createHttpTransport,
  customerKey,
  runConformance,
  type Profile,
  type Report,
  type WireRequest,
} from '@coffer/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mutation } from './mutations/mutation.ts';
import { mutations } from './mutations/mutations.ts';
import { signAgain } from './mutations/resign.ts';
import { startOwnServer, type OwnServer } from './own-server.ts';

const http = createHttpTransport();
afterAll(() => {
  http.close();
});

describe.each([...new Set(mutations.map(({ profile }) => profile))])('%s', (profile) => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startOwnServer(profile);
  });
  afterAll(() => server.close());

  it.each(mutationsOf(profile))('notices it when $name', async (mutation) => {
    const { results } = await reportOf(server, mutation);
    const failed = results.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect(failed).toContain(mutation.caughtBy);
  });
});

function mutationsOf(profile: Profile): readonly Mutation[] {
  return mutations.filter((mutation) => mutation.profile === profile);
}

async function reportOf({ target, environment }: OwnServer, mutation: Mutation): Promise<Report> {
  const { profile, tried, breaking } = mutation;
  const secret = SecretString.of(environment['S3_KEY'] ?? '');
  const sign = (request: WireRequest) => signAgain(request, secret);
  const transport = breaking(http.send, { keyA: customerKey('A'), sign });
  return runConformance({ target, environment, profile, cases: casesOf(profile, [tried]), transport });
}
