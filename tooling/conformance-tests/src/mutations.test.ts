import {
  casesOf,
  createHttpTransport,
  customerKey,
  runConformance,
  type Profile,
  type Report,
} from '@coffer/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutationsWith, type Mutation } from './mutations.ts';
import { startOwnServer, type OwnServer } from './own-server.ts';

const http = createHttpTransport();
afterAll(() => {
  http.close();
});

const mutations = mutationsWith(customerKey('A'));

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
  const transport = breaking(http.send);
  return runConformance({ target, environment, profile, cases: casesOf(profile, [tried]), transport });
}
