import { databaseTables } from './table-names.ts';

/** What an expectation's number says that is not a version. */
export const expecting = { absent: -1, present: -2, emptyPrefix: -3 } as const;

/** What a write does with its row. */
export const writing = { delete: 0, put: 1, append: 2 } as const;

/** What the function answers; a positive number says which expectation does not hold. */
export const answers = { done: 0, abandoned: -1 } as const;

/**
 * The function that performs a commit, so that a commit is one statement and one round trip.
 *
 * **Why it is right.** Every commit first takes all of its locks, in ascending order: shared ones for what it expects,
 * exclusive ones for what it writes, until its transaction has ended (see `commit-locks.ts`). Under READ COMMITTED each
 * statement of a VOLATILE function has a snapshot of its own, so what is checked after the locks were given is the
 * state that all earlier holders left, and it cannot change before this transaction has ended. That is strict two-phase
 * locking with all locks at the beginning: the result is that of some serial order, and there are no deadlocks and
 * nothing to be tried again. SERIALIZABLE would do without the locks, but PostgreSQL's conflict detection works by
 * index pages: where many add neighbouring names at once, as uploads do, a commit is undone several times before it
 * goes through (README, "Isolation").
 *
 * Under SERIALIZABLE the function is right as well, for servers without advisory locks, CockroachDB among them, where
 * they do nothing. There, appends to one prefix meet in a row of `append_order`, since numbers of a sequence alone are
 * not in the order of commits. Under REPEATABLE READ it would be wrong, so it refuses.
 *
 * **The id** is written after the checks and before the writes: whoever asks for it later (`outcomes.ts`) waits for
 * this transaction from there on, and before that is faster, so that this one finds the id abandoned and does nothing.
 *
 * A commit that conflicts has written nothing, not even an id, and needs no flush.
 */
export function commitFunction(schema: string): string {
  return `
CREATE OR REPLACE FUNCTION ${schema}.commit(
  p_id bytea, p_locks bigint[], p_exclusive boolean[],
  p_check_tables integer[], p_check_lengths integer[], p_expected bigint[],
  p_write_tables integer[], p_write_kinds integer[], p_key_lengths integer[], p_value_lengths integer[],
  p_data bytea
) RETURNS integer LANGUAGE plpgsql VOLATILE AS $commit$
DECLARE
  v_isolation text := current_setting('transaction_isolation');
  v_at integer := 1;
  v_key bytea;
  v_value bytea;
  v_found bigint;
  v_next bytea;
  v_holds boolean;
  v_version bigint;
  v_number bigint;
BEGIN
  IF v_isolation NOT IN ('read committed', 'serializable') THEN
    RAISE EXCEPTION 'commits cannot be made under the isolation level %', v_isolation;
  END IF;

  FOR i IN 1 .. coalesce(array_length(p_locks, 1), 0) LOOP
    IF p_exclusive[i] THEN
      PERFORM pg_advisory_xact_lock(p_locks[i]);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(p_locks[i]);
    END IF;
  END LOOP;

  FOR i IN 1 .. coalesce(array_length(p_check_tables, 1), 0) LOOP
    v_key := substr(p_data, v_at, p_check_lengths[i]);
    v_at := v_at + p_check_lengths[i];
    v_found := NULL;
    v_next := NULL;
    IF p_expected[i] = ${expecting.emptyPrefix} THEN
${perTable('p_check_tables[i]', nextKeyOf(schema))}
      v_holds := v_next IS NULL OR substr(v_next, 1, p_check_lengths[i]) <> v_key;
    ELSE
${perTable('p_check_tables[i]', versionOf(schema))}
      v_holds := CASE p_expected[i]
        WHEN ${expecting.absent} THEN v_found IS NULL
        WHEN ${expecting.present} THEN v_found IS NOT NULL
        ELSE v_found IS NOT NULL AND v_found = p_expected[i] END;
    END IF;
    IF NOT v_holds THEN
      RETURN i;
    END IF;
  END LOOP;

  IF coalesce(array_length(p_write_tables, 1), 0) = 0 THEN
    RETURN ${answers.done};
  END IF;

  INSERT INTO ${schema}.commit_ids (id, abandoned, made_at) VALUES (p_id, false, now()) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN ${answers.abandoned};
  END IF;

  v_version := nextval('${schema}.numbers');
  FOR i IN 1 .. array_length(p_write_tables, 1) LOOP
    v_key := substr(p_data, v_at, p_key_lengths[i]);
    v_at := v_at + p_key_lengths[i];
    IF p_write_kinds[i] = ${writing.delete} THEN
${perTable('p_write_tables[i]', deletion(schema))}
      CONTINUE;
    END IF;
    v_value := substr(p_data, v_at, p_value_lengths[i]);
    v_at := v_at + p_value_lengths[i];
    IF p_write_kinds[i] = ${writing.append} THEN
      IF v_isolation = 'serializable' THEN
        INSERT INTO ${schema}.append_order AS o (table_number, prefix, appends) VALUES (p_write_tables[i], v_key, 1)
          ON CONFLICT (table_number, prefix) DO UPDATE SET appends = o.appends + 1;
      END IF;
      v_number := nextval('${schema}.numbers');
      v_key := v_key || decode(lpad(to_hex(v_number), 16, '0'), 'hex');
    END IF;
${perTable('p_write_tables[i]', upsert(schema))}
  END LOOP;
  RETURN ${answers.done};
END
$commit$`;
}

type StatementOf = (name: string) => string;

const nextKeyOf =
  (schema: string): StatementOf =>
  (name) =>
    `SELECT key INTO v_next FROM ${schema}.${name} WHERE key >= v_key ORDER BY key LIMIT 1;`;

const versionOf =
  (schema: string): StatementOf =>
  (name) =>
    `SELECT version INTO v_found FROM ${schema}.${name} WHERE key = v_key;`;

const deletion =
  (schema: string): StatementOf =>
  (name) =>
    `DELETE FROM ${schema}.${name} WHERE key = v_key;`;

const upsert =
  (schema: string): StatementOf =>
  (name) =>
    `INSERT INTO ${schema}.${name} (key, version, value) VALUES (v_key, v_version, v_value) ` +
    'ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value;';

/** A statement for each table, of which the one with the number is run. PL/pgSQL plans each once in a session. */
function perTable(number: string, statement: StatementOf): string {
  const branches = databaseTables.map(({ number: at, name }) => `        WHEN ${at} THEN ${statement(name)}`);
  return [`      CASE ${number}`, ...branches, '      END CASE;'].join('\n');
}
