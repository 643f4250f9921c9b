import { expect, inject, it } from 'vitest';
import { parseAddress } from '../../../../packages/store-postgres/src/address.ts';
import { CommitOutcomes } from '../../../../packages/store-postgres/src/commit-outcomes.ts';
import { Connection } from '../../../../packages/store-postgres/src/connection.ts';
import { ConnectionPool } from '../../../../packages/store-postgres/src/connection-pool.ts';
import { administer, freshSchema, urlOf } from './databases.ts';

const port = inject('postgresPort');

it('ids of more than an hour ago are removed, by several at once; younger ones stay', async () => {
  const fresh = await freshSchema(port);
  const { schema } = fresh;
  await administer(
    port,
    `INSERT INTO ${schema}.commit_ids (id, abandoned, made_at)
      SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), false,
        now() - CASE WHEN n <= 4500 THEN interval '61 minutes' ELSE interval '59 minutes' END
      FROM generate_series(1, 5000) AS n`,
  );
  const pool = new ConnectionPool(() => Connection.open(parseAddress(urlOf(port)), 10_000), { size: 3, waiting: 10 });
  const outcomes = new CommitOutcomes(pool, { schema, statementLimit: 30_000 });
  await Promise.all([outcomes.prune(), outcomes.prune(), outcomes.prune()]);
  // One that met the rows of another has stopped early; the next run does the rest.
  await outcomes.prune();
  const left = await administer(
    port,
    `SELECT count(*)::int AS n, min(made_at) > now() - interval '1 hour' AS young FROM ${schema}.commit_ids`,
  );
  expect(left).toEqual([{ n: 500, young: true }]);
  await pool.close();
  await fresh.drop();
});

it('an id has its time in front and is never the same', () => {
  const pool = new ConnectionPool(() => Connection.open(parseAddress(urlOf(port)), 10_000), { size: 1, waiting: 1 });
  const outcomes = new CommitOutcomes(pool, { schema: 'none', statementLimit: 1 });
  const ids = Array.from({ length: 1_000 }, () => outcomes.newId());
  expect(new Set(ids.map((id) => id.toString('hex'))).size).toBe(1_000);
  expect(Math.abs((ids[0]?.readUIntBE(0, 6) ?? 0) - Date.now())).toBeLessThan(600_000);
});
