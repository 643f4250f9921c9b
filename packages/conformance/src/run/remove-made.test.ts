import { describe, expect, it } from 'vitest';
import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError } from '../model/conformance-error.ts';
import type { Step } from '../model/step.ts';
import { parseTarget } from '../target/target.ts';
import type { Transport, WireRequest } from '../wire/transport.ts';
import { removeListed } from './remove-listed.ts';
import { runConformance } from './run-conformance.ts';

const env = { env: 'SECRET' };
const target = parseTarget({
  name: 'a script',
  b2: { url: 'http://b2.example', keyId: 'me', key: env },
  s3: { url: 'http://s3.example', accessKeyId: 'me', secretAccessKey: env },
});
const authorized = {
  ...{ accountId: 'me', authorizationToken: 't' },
  apiInfo: { storageApi: { apiUrl: 'http://b2.example', downloadUrl: 'http://b2.example' } },
};

/** What an operation answers, or the error that keeps it from being answered. */
type Operations = Readonly<Record<string, (fields: Readonly<Record<string, unknown>>) => unknown>>;

/** An endpoint of B2 with a bucket `run-id`, in which there are no files, but for what is given. */
function b2Script(calls: string[], others: Operations): Transport {
  const operations: Operations = {
    b2_authorize_account: () => authorized,
    b2_create_bucket: () => ({ bucketId: 'run-id' }),
    b2_list_file_versions: () => ({ files: [] }),
    b2_delete_file_version: () => ({}),
    b2_delete_bucket: () => ({}),
    b2_delete_key: () => ({}),
    ...others,
  };
  return async ({ target: path, body }: WireRequest) => {
    const operation = path.slice(path.lastIndexOf('/') + 1);
    const text = new TextDecoder().decode(body);
    calls.push(`${operation} ${text}`);
    const answer = await operations[operation]?.(text === '' ? {} : (JSON.parse(text) as Record<string, unknown>));
    const [status, document] = answer instanceof Refusal ? [answer.status, answer.document] : [200, answer];
    return { status, headers: new Map(), body: new TextEncoder().encode(JSON.stringify(document)) };
  };
}

const row = { fileName: 'f', fileId: '1', bucketId: 'run-id' };

/** An answer of an operation that is no success. */
class Refusal {
  readonly status: number;
  readonly document: object;

  constructor(status: number, document: object) {
    this.status = status;
    this.document = document;
  }
}

const refusal = (status: number, document: object): Refusal => new Refusal(status, document);

async function leftBehind(protocol: 'b2' | 's3', transport: Transport, steps: readonly Step[] = []) {
  const source = { kind: 'rfc', name: 'none' } as const;
  const made: ConformanceCase = {
    ...{ id: `${protocol}/made/one`, title: 'one', requirement: 'Something.', protocol, needs: [], source, steps },
  };
  const profile = protocol === 'b2' ? 'b2-classic' : 's3';
  const environment = { SECRET: 'x' };
  return (await runConformance({ target, profile, cases: [made], environment, transport })).leftBehind;
}

describe('the removal of a bucket ends', () => {
  it('if the endpoint lists what it said it had deleted', async () => {
    const calls: string[] = [];
    const left = await leftBehind('b2', b2Script(calls, { b2_list_file_versions: () => ({ files: [row] }) }));
    expect(left).toEqual([expect.stringMatching(/^bucket conformance-.*-0: what was deleted is listed again$/)]);
    expect(calls.filter((call) => call.startsWith('b2_delete'))).toHaveLength(1);
  });

  it('if the endpoint lists on and on', async () => {
    let removed = 0;
    const remove = (): Promise<void> => {
      removed++;
      return Promise.resolve();
    };
    const listed = removeListed(() => Promise.resolve([{ identity: [String(removed)], remove }]));
    await expect(listed).rejects.toMatchObject({
      code: 'setup',
      message: expect.stringContaining('still more') as unknown,
    });
    expect(removed).toBe(1000);
  });

  it('if a page has very many rows, or deletions take very long', async () => {
    let removed = 0;
    const remove = (): Promise<void> => {
      removed++;
      return Promise.resolve();
    };
    const rows = Array.from({ length: 20_000 }, (_, row) => ({ identity: [String(row)], remove }));
    await expect(removeListed(() => Promise.resolve(rows))).rejects.toThrow(
      'after 10000 deletions there is still more',
    );
    expect(removed).toBe(10_000);
    removed = 0;
    const slowly = removeListed(
      () => Promise.resolve(rows),
      () => removed * 60_000,
    );
    await expect(slowly).rejects.toThrow('after 300 s and 6 deletions there is still more');
  });

  it('if an endpoint of S3 lists what it said it had deleted', async () => {
    const lines: string[] = [];
    const rows = '<R><Version><Key>k</Key><VersionId>1</VersionId></Version></R>';
    const send: Transport = ({ method, target: path }) => {
      lines.push(`${method} ${path.replace(/conformance-\w+-0/, 'run')}`);
      const body = new TextEncoder().encode(path.includes('versions=') ? rows : '');
      return Promise.resolve({ status: 200, headers: new Map(), body });
    };
    expect(await leftBehind('s3', send)).toEqual([expect.stringContaining('what was deleted is listed again')]);
    expect(lines.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /run/k?versionId=1']);
  });
});

it('deletes no file of another bucket, whatever the endpoint lists', async () => {
  const calls: string[] = [];
  const files = [
    { fileName: 'mine', fileId: '1', bucketId: 'run-id' },
    { fileName: 'precious', fileId: '2', bucketId: 'other-id' },
  ];
  const left = await leftBehind('b2', b2Script(calls, { b2_list_file_versions: () => ({ files }) }));
  expect(left).toEqual([expect.stringContaining('a file that is not of the bucket')]);
  expect(calls.filter((call) => call.startsWith('b2_delete'))).toEqual([]);
});

it('asks for no listing of a bucket whose id is not known, but names it', async () => {
  const calls: string[] = [];
  let made = 0;
  const send = b2Script(calls, { b2_create_bucket: () => (made++ === 0 ? { bucketId: 'run-id' } : {}) });
  const left = await leftBehind('b2', send, [{ do: 'bucket', name: 'box' }]);
  expect(left).toEqual([expect.stringMatching(/^bucket conformance-.*-1: b2_create_bucket told no bucketId$/)]);
  expect(calls.filter((call) => call.startsWith('b2_list'))).toEqual([
    'b2_list_file_versions {"bucketId":"run-id","maxFileCount":100}',
  ]);
});

describe('when something was to be made', () => {
  const lost = () => Promise.reject(new ConformanceError('connection', 'the line is cut'));

  it('and no answer came, names a bucket', async () => {
    let made = 0;
    const create = () => (made++ === 0 ? { bucketId: 'run-id' } : lost());
    const left = await leftBehind('b2', b2Script([], { b2_create_bucket: create }), [{ do: 'bucket', name: 'box' }]);
    expect(left).toEqual([expect.stringMatching(/perhaps bucket conformance-\w+-1: the line is cut/)]);
  });

  it.each([
    ['a bucket', 'b2_create_bucket', { do: 'bucket', name: 'box' }, /^perhaps bucket conformance-\w+-1: .* 503$/],
    [
      'an application key',
      'b2_create_key',
      { do: 'b2-key', name: 'key', capabilities: [] },
      /^perhaps application key named conformance-\w+-1: .* 503$/,
    ],
  ] as const)('and the server failed, names %s', async (_, operation, step, said) => {
    let made = 0;
    const create = () => (made++ === 0 && operation === 'b2_create_bucket' ? { bucketId: 'run-id' } : refusal(503, {}));
    expect(await leftBehind('b2', b2Script([], { [operation]: create }), [step])).toEqual([
      expect.stringMatching(said),
    ]);
  });

  it('and it was refused, names nothing', async () => {
    const send = b2Script([], { b2_create_key: () => refusal(400, { code: 'bad_request' }) });
    expect(await leftBehind('b2', send, [{ do: 'b2-key', name: 'key', capabilities: [] }])).toEqual([]);
  });

  it('and no answer came, names an application key', async () => {
    const send = b2Script([], { b2_create_key: lost });
    const left = await leftBehind('b2', send, [{ do: 'b2-key', name: 'key', capabilities: [] }]);
    expect(left).toEqual([expect.stringMatching(/perhaps application key named conformance-\w+-1: the line is cut/)]);
  });

  it('and no answer came, names the bucket of the run', async () => {
    const send = b2Script([], { b2_create_bucket: lost });
    await expect(leftBehind('b2', send)).rejects.toMatchObject({
      code: 'connection',
      message: expect.stringMatching(/^the line is cut. Perhaps left behind: bucket conformance-\w+-0$/) as unknown,
    });
  });

  it('removes an application key whose secret is not in the answer', async () => {
    const calls: string[] = [];
    const send = b2Script(calls, { b2_create_key: () => ({ applicationKeyId: 'key-1' }) });
    expect(await leftBehind('b2', send, [{ do: 'b2-key', name: 'key', capabilities: [] }])).toEqual([]);
    expect(calls).toContain('b2_delete_key {"applicationKeyId":"key-1"}');
  });
});

describe('what a case has locked', () => {
  it('is released and deleted in B2', async () => {
    const calls: string[] = [];
    let isHeld = true;
    const send = b2Script(calls, {
      b2_list_file_versions: () => ({ files: calls.some((call) => call.includes('bypass')) ? [] : [row] }),
      b2_update_file_legal_hold: () => ((isHeld = false), {}),
      b2_delete_file_version: ({ bypassGovernance }) =>
        !isHeld && bypassGovernance === true ? {} : refusal(401, { code: 'access_denied' }),
    });
    expect(await leftBehind('b2', send)).toEqual([]);
    expect(calls.filter((call) => /hold|delete_file/.test(call))).toEqual([
      'b2_delete_file_version {"fileName":"f","fileId":"1"}',
      'b2_update_file_legal_hold {"fileName":"f","fileId":"1","legalHold":"off"}',
      'b2_delete_file_version {"fileName":"f","fileId":"1","bypassGovernance":true}',
    ]);
  });

  it('is not touched in B2, where a deletion is refused for another reason', async () => {
    const calls: string[] = [];
    const send = b2Script(calls, {
      b2_list_file_versions: () => ({ files: [row] }),
      b2_delete_file_version: () => refusal(400, { code: 'file_not_present' }),
    });
    expect(await leftBehind('b2', send)).toEqual([expect.stringContaining('400 file_not_present')]);
    expect(calls.filter((call) => /hold|bypass/.test(call))).toEqual([]);
  });

  it('is released and deleted over S3', async () => {
    const lines: string[] = [];
    const rows = '<R><Version><Key>k</Key><VersionId>1</VersionId></Version></R>';
    const send: Transport = ({ method, target: path, headers }) => {
      const isBypassing = headers.some(([name]) => name === 'x-amz-bypass-governance-retention');
      lines.push(`${method} ${path.replace(/conformance-\w+-0/, 'run')}${isBypassing ? ' bypassing' : ''}`);
      const isGone = lines.some((line) => line.endsWith('bypassing'));
      const status = method === 'DELETE' && path.includes('versionId') && !isBypassing ? 403 : 200;
      const body = new TextEncoder().encode(path.includes('versions=') && !isGone ? rows : '');
      return Promise.resolve({ status, headers: new Map(), body });
    };
    expect(await leftBehind('s3', send)).toEqual([]);
    expect(lines.filter((line) => line.includes('/k?'))).toEqual([
      'DELETE /run/k?versionId=1',
      'PUT /run/k?versionId=1&legal-hold=',
      'DELETE /run/k?versionId=1 bypassing',
    ]);
  });
});

it('does not remove an application key that a case has deleted', async () => {
  const calls: string[] = [];
  const send = b2Script(calls, { b2_create_key: () => ({ applicationKeyId: 'key-1', applicationKey: 'secret' }) });
  const steps: readonly Step[] = [
    { do: 'b2-key', name: 'some', capabilities: [] },
    { do: 'b2-call', operation: 'b2_delete_key', body: { applicationKeyId: '{{some.json.applicationKeyId}}' } },
  ];
  expect(await leftBehind('b2', send, steps)).toEqual([]);
  expect(calls.filter((call) => call.startsWith('b2_delete_key'))).toHaveLength(1);
});
