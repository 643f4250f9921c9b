import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { administer, freshSchema, urlOf } from './databases.ts';
import { contradiction, type AcknowledgedCommit } from './serial-order.ts';

const port = inject('postgresPort');
const short = process.env['COFFER_SCALE_SHORT'] !== undefined;
const milliseconds = short ? 3_000 : 20_000;
const processes = 4;
const worker = fileURLToPath(new URL('serial-worker.ts', import.meta.url));
const fromSource = fileURLToPath(new URL('../../../config/run-source/register.mjs', import.meta.url));

describe('the check itself', () => {
  it('finds two that replaced the same record', () => {
    const lost = [1, 2].map((id): AcknowledgedCommit => ({ id, reads: [['a', 0]], writes: ['a'] }));
    expect(contradiction(lost)).toContain('both replaced a');
  });

  it('finds write skew', () => {
    const reads = [['a', 0] as const, ['b', 0] as const];
    const [one, two] = [
      { id: 1, reads, writes: ['a'] },
      { id: 2, reads, writes: ['b'] },
    ];
    expect(contradiction([one, two])).toContain('no order');
    expect(contradiction([one])).toBeUndefined();
  });

  it('finds nothing in a chain', () => {
    const chain = [1, 2, 3].map((id): AcknowledgedCommit => ({ id, reads: [['a', id - 1]], writes: ['a'] }));
    expect(contradiction(chain)).toBeUndefined();
  });
});

/** Runs the processes at once; resolves with all that they had acknowledged. */
async function run(schema: string, isolation: string) {
  const commits: AcknowledgedCommit[] = [];
  let conflicts = 0;
  const runOne = async (_: unknown, number: number) => {
    const args = [urlOf(port), schema, isolation, `${number}`, `${milliseconds}`];
    const child = fork(worker, args, { execArgv: ['--conditions=@coffer/source', '--import', fromSource] });
    child.on('message', (message: AcknowledgedCommit | { readonly conflicts: number }) => {
      if ('id' in message) commits.push(message);
      else conflicts += message.conflicts;
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
  };
  await Promise.all(Array.from({ length: processes }, runOne));
  return { commits, conflicts };
}

describe.each(['read committed', 'serializable'])('%s', (isolation) => {
  it('commits of several processes have the result of some order, one after the other', async () => {
    const fresh = await freshSchema(port);
    const undone = async () =>
      Number(
        (
          await administer(port, 'SELECT xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()')
        )[0]?.['n'],
      );
    const before = await undone();
    const { commits, conflicts } = await run(fresh.schema, isolation);
    const retries = (await undone()) - before;
    console.log(`${isolation}: ${commits.length} commits, ${conflicts} conflicts, ${retries} undone by the server`);
    expect(contradiction(commits)).toBeUndefined();
    expect(commits.length).toBeGreaterThan(20);
    expect(conflicts).toBeGreaterThan(0);
    await fresh.drop();
  });
});
