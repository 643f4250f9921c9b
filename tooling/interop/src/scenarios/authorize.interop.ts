import { expect, test } from 'vitest';
import { scenarios } from '../harness/scenario.ts';

scenarios('authorize', (world) => {
  test('the printed key authorises and says what it may do', async () => {
    const { credentials } = world().server;
    const account = await world()
      .anotherCli('fresh')
      .json(['account', 'authorize', credentials.keyId, credentials.key]);
    expect(account).toMatchObject({ applicationKeyId: credentials.keyId, apiUrl: world().endpoint.url });
    expect((account as { allowed: { capabilities: string[] } }).allowed.capabilities).toEqual(
      expect.arrayContaining(['listBuckets', 'writeFiles', 'readBucketEncryption', 'writeBucketEncryption']),
    );
  });

  test('the key in the environment authorises too', async () => {
    const { keyId, key } = world().server.credentials;
    const env = { B2_APPLICATION_KEY_ID: keyId, B2_APPLICATION_KEY: key };
    await world().anotherCli('fresh').ok(['bucket', 'list'], { args: [], env });
  });

  test('a wrong key is refused as unauthorized', async () => {
    const { keyId } = world().server.credentials;
    const said = await world()
      .anotherCli('fresh')
      .refused(['account', 'authorize', keyId, 'K000wrongwrongwrongwrongwrongwr']);
    expect(said).toContain('ERROR: unable to authorize account: ');
    expect(said).toContain('unauthorized');
  });

  test('an unknown key id is refused the same way', async () => {
    const { key } = world().server.credentials;
    const said = await world().anotherCli('fresh').refused(['account', 'authorize', '000000000000000000000001', key]);
    expect(said).toContain('unauthorized');
  });
});
