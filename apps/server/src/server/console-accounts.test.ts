import { consoleOperations, type ConsoleOperationName } from '@coffer/console-schema';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorize, call, type Session } from '../test-support/b2-calls.ts';
import { consolePlace } from '../test-support/console-place.ts';
import { runCommand } from '../test-support/run-command.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { version } from '../own-package.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

type Fields = Readonly<Record<string, unknown>>;
type Answer = readonly [status: number, body: Fields];

interface Place {
  readonly ask: (session: Pick<Session, 'token'>, name: ConsoleOperationName, fields: Fields) => Promise<Answer>;
  readonly first: Session;
  readonly second: Session;
  /** What the first account has. */
  readonly theirs: { readonly bucketId: string; readonly fileId: string; readonly snapshotId: string };
  readonly ownBucketId: string;
  /** All that the first account may see of itself. */
  readonly state: () => Promise<unknown>;
}

/** A server with two accounts: the first has something for every operation, the second asks for it. */
async function place(): Promise<Place> {
  const root = await temporaryDirectory();
  const config = testConfig(root, { consoleListen: '127.0.0.1:0' });
  const server = await start(config, { consoleFiles: await consolePlace(root) });
  const url = server.urls.http!;
  const first = await authorize(
    url,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  const created = await runCommand('account', 'create', 'second', '--data', config.data);
  const [, id = '', key = ''] = /^ {2}Account {5}(\w+).*\n.*\n {2}Key {9}(\S+)/.exec(created.stdout) ?? [];
  const second = await authorize(url, id, key);
  const ask: Place['ask'] = async ({ token }, name, fields) => {
    const request = { method: 'POST', headers: { Authorization: token }, body: JSON.stringify(fields) };
    const answer = await call(`${server.urls.console!}/cofferapi/v1/${name}`, request);
    return [answer.status, JSON.parse(answer.bytes.toString()) as Fields];
  };
  const bucketId = await first.createBucket('bucket-of-first');
  const uploaded = await first.upload(bucketId, 'secret-name', Buffer.from('x'));
  const { fileId } = JSON.parse(uploaded.bytes.toString()) as { fileId: string };
  const [, { snapshotId }] = await ask(first, 'coffer_create_snapshot', { bucketId, folders: [''], requestId: 'one' });
  const listed = () => ask(first, 'coffer_list_snapshots', {});
  const stateOf = async () => ((await listed())[1]['snapshots'] as Fields[])[0]?.['state'];
  await expect.poll(stateOf, { timeout: 60_000 }).toBe('done');
  return {
    ...{ ask, first, second, theirs: { bucketId, fileId, snapshotId: String(snapshotId) } },
    ownBucketId: await second.createBucket('bucket-of-second'),
    state: async () => [await listed(), await first.api('b2_list_buckets', { accountId: first.accountId })],
  };
}

type Theirs = Place['theirs'];
interface Foreign {
  /** A request that names something of the first account. */
  readonly fields: (theirs: Theirs, ownBucketId: string) => Fields;
  /** The ids of the request that are replaced by others, of nothing. */
  readonly unknown: Theirs;
  readonly answer: (theirs: Theirs) => Answer;
}

const unknown: Theirs = {
  bucketId: '0123456789abcdef01234567',
  fileId: '4_z0123456789abcdef01234567_f1111111111111111_d20260101_m000000_c001_v0001000_t0000',
  snapshotId: '0123456789abcdef0123456789abcdef',
};
const noBucket = ({ bucketId }: Theirs): Answer => [
  400,
  { status: 400, code: 'bad_bucket_id', message: `Bucket ${bucketId} does not exist` },
];
const noFile = (): Answer => [404, { status: 404, code: 'not_found', message: 'File not present' }];
const ofBucket = { fields: ({ bucketId }: Theirs) => ({ bucketId, folders: [''] }), unknown, answer: noBucket };
const ofFile = {
  fields: ({ fileId }: Theirs, bucketId: string) => ({ bucketId, files: [{ fileId }] }),
  ...{ unknown, answer: noFile },
};

const ofSnapshot: Foreign = {
  fields: ({ snapshotId }) => ({ snapshotId }),
  unknown,
  answer: () => [404, { status: 404, code: 'not_found', message: 'There is no such snapshot' }],
};

/** Total: a row without its cases does not compile. `null`: no request can name anything of another account. */
const foreign: { readonly [Name in ConsoleOperationName]: readonly Foreign[] | null } = {
  coffer_get_console: null,
  coffer_get_server: null,
  coffer_list_snapshots: [
    {
      fields: ({ snapshotId }) => ({ before: snapshotId }),
      unknown,
      answer: () => [200, { snapshots: [], nextBefore: null }],
    },
  ],
  coffer_plan_snapshot: [ofBucket, ofFile],
  coffer_create_snapshot: [ofBucket, ofFile],
  coffer_cancel_snapshot: [ofSnapshot],
  coffer_forget_snapshot: [ofSnapshot],
  coffer_get_encryption_coverage: [
    { fields: ({ bucketId }) => ({ bucketId }), unknown, answer: noBucket },
    {
      fields: ({ bucketId, fileId }) => ({ bucketId, startFileName: 'secret-name', startFileId: fileId }),
      ...{ unknown, answer: noBucket },
    },
  ],
};
const names = Object.keys(consoleOperations) as ConsoleOperationName[];

describe('the master key of another account', () => {
  it.each(names.filter((name) => foreign[name] !== null))(
    'finds by %s nothing of the first account, and changes nothing of it',
    async (name) => {
      const it = await place();
      const before = await it.state();
      for (const { fields, unknown: others, answer } of foreign[name] ?? []) {
        expect(await it.ask(it.second, name, fields(it.theirs, it.ownBucketId))).toEqual(answer(it.theirs));
        // The same as of what does not exist.
        expect(await it.ask(it.second, name, fields(others, it.ownBucketId))).toEqual(answer(others));
        // And there is something to be found.
        const found = await it.ask(it.first, name, fields(it.theirs, it.theirs.bucketId));
        if (name !== 'coffer_list_snapshots') expect(found).not.toEqual(answer(it.theirs));
      }
      // By the cases of this row, the first account itself has made further snapshots.
      if (name !== 'coffer_create_snapshot') expect(await it.state()).toEqual(before);
      expect((await it.ask(it.second, 'coffer_list_snapshots', {}))[1]).toEqual({ snapshots: [], nextBefore: null });
    },
  );

  it('learns nothing of the server, nor does a key made with it', async () => {
    const it = await place();
    expect((await it.ask(it.first, 'coffer_get_server', {}))[0]).toBe(200);
    expect(await it.ask(it.second, 'coffer_get_server', {})).toEqual([
      403,
      {
        status: 403,
        code: 'access_denied',
        message: 'Only the master application key of the first account of this server may see this',
      },
    ]);
    const { accountId } = it.second;
    const capabilities = ['listKeys', 'listBuckets', 'listFiles', 'readFiles', 'writeFiles'];
    const key = await it.second.api('b2_create_key', { accountId, keyName: 'key', capabilities });
    const own = await authorize(it.second.apiUrl, String(key['applicationKeyId']), String(key['applicationKey']));
    const [status, body] = await it.ask(own, 'coffer_get_server', {});
    expect([status, body['code'], Object.keys(body).toSorted()]).toEqual([
      ...[401, 'unauthorized'],
      ['code', 'message', 'status'],
    ]);
  });

  it('is told of the console what everybody is', async () => {
    const it = await place();
    const facts = { version, encryptedDownloads: false, snapshots: true, s3Region: 'us-east-1' };
    expect(await it.ask(it.second, 'coffer_get_console', {})).toEqual([200, facts]);
  });

  it('has snapshots of its own, under requestIds of its own', async () => {
    const it = await place();
    await it.second.upload(it.ownBucketId, 'a', Buffer.from('a'));
    const fields = { bucketId: it.ownBucketId, folders: [''], requestId: 'one' };
    const [status, made] = await it.ask(it.second, 'coffer_create_snapshot', fields);
    expect([status, made['bucketName']]).toEqual([200, 'bucket-of-second']);
    expect(made['snapshotId']).not.toBe(it.theirs.snapshotId);
    expect(made['snapshotBucketName']).toBe(`b2-snapshots-${it.second.accountId}`);
    const [, { snapshots }] = await it.ask(it.first, 'coffer_list_snapshots', {});
    expect((snapshots as Fields[]).map(({ snapshotId }) => snapshotId)).toEqual([it.theirs.snapshotId]);
  });

  it.each(names)('%s takes no token but one that the server has given', async (name) => {
    const it = await place();
    const token = `${it.second.token.slice(0, -4)}AAAA`;
    const [status, { code }] = await it.ask({ token }, name, foreign[name]?.[0]?.fields(it.theirs, '') ?? {});
    expect([status, code]).toEqual([401, 'bad_auth_token']);
  });
});
