import { recordKey, type ScanOptions } from '@coffer/storage-ports';
import { expect, it } from 'vitest';
import { freshSchema } from './databases.ts';
import { startPostgres } from './postgres-server.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

interface Explained {
  readonly 'Query Text': string;
  readonly Plan: Plan;
}

/** The server explains every statement of every session, those inside of functions included. */
const explaining = {
  session_preload_libraries: "'auto_explain'",
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
};

function explainedIn(log: string): readonly Explained[] {
  return [...log.matchAll(/ plan:\n((?:\t.*\n)+)/g)].map(([, json = '']) => JSON.parse(json) as Explained);
}

function nodesOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

it('no statement reads more rows than it answers, nor a table without its key', async () => {
  const server = await startPostgres({ settings: explaining });
  try {
    const fresh = await freshSchema(server.port);
    const store = await fresh.open({ connections: 1 });
    // Without statistics: the planner believes the table to be as small as it was when it was made.
    const rows = Array.from(
      { length: 3_000 },
      (_, i) => ({ table: 'counters', key: recordKey(i % 2 === 0 ? 'a' : 'b', i), put: { last: i } }) as const,
    );
    for (let i = 0; i < rows.length; i += 1_000)
      await store.commit({ expectations: [], writes: rows.slice(i, i + 1_000) });
    const begun = (await server.log()).length;

    const ranges: readonly Omit<ScanOptions, 'limit'>[] = [
      { start: new Uint8Array(0), end: undefined },
      { start: recordKey('a', 100), end: recordKey('b') },
      { start: recordKey('b'), end: undefined, reverse: true },
      { start: recordKey('a'), end: recordKey('b', 500), reverse: true },
    ];
    // Often enough that the server settles on a plan for all values.
    for (let times = 0; times < 8; times++) {
      for (const range of ranges)
        for (const limit of [1, 100]) expect((await store.scan('counters', { ...range, limit })).length).toBe(limit);
      await store.get('counters', recordKey('a', 0));
      await store.commit({
        expectations: [
          { table: 'counters', emptyPrefix: recordKey('aa') },
          { table: 'counters', key: recordKey('a', 0), is: 'present' },
        ],
        writes: [{ table: 'counters', key: recordKey('a', 2 * times), put: { last: 0 } }],
      });
    }
    await store.close();

    const statements = explainedIn((await server.log()).slice(begun)).filter(({ 'Query Text': text }) =>
      text.includes(`${fresh.schema}.counters`),
    );
    expect(statements.length).toBeGreaterThan(80);
    for (const statement of statements) {
      const text = statement['Query Text'];
      for (const node of nodesOf(statement.Plan)) {
        if (node['Relation Name'] === undefined || node['Node Type'] === 'ModifyTable') continue;
        expect(node['Node Type'], text).toMatch(/^Index (Only )?Scan$/);
        expect(node['Rows Removed by Filter'] ?? 0, text).toBe(0);
        expect(node['Actual Rows'], text).toBe(statement.Plan['Actual Rows']);
      }
    }
    expect(statements.filter(({ Plan: plan }) => plan['Actual Rows'] === 100).length).toBe(32);
  } finally {
    await server.remove();
  }
});
