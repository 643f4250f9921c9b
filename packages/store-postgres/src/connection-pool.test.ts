import { expect, it } from 'vitest';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DatabaseFailure } from './failure.ts';

/** What the pool sees of a connection; the real one is used in `tooling/scale`. */
class Pipe {
  usable = true;
  #onEnd: (() => void) | undefined;

  onEnd(call: () => void): void {
    this.#onEnd = call;
  }

  async close(): Promise<void> {
    this.destroy();
  }

  destroy(): void {
    this.usable = false;
    this.#onEnd?.();
  }
}

function poolOf(open: () => Promise<Pipe>, options = { size: 2, waiting: 2 }): ConnectionPool {
  return new ConnectionPool(open as unknown as () => Promise<Connection>, options);
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

it('makes no more connections than its size, and hands them on in turn', async () => {
  let made = 0;
  const pool = poolOf(async () => {
    made++;
    return new Pipe();
  });
  const { open, opened } = gate();
  const order: number[] = [];
  const uses = [0, 1, 2, 3].map((n) =>
    pool.use(60_000, async () => {
      order.push(n);
      await opened;
    }),
  );
  await expect.poll(() => order).toEqual([0, 1]);
  open();
  await Promise.all(uses);
  expect(order).toEqual([0, 1, 2, 3]);
  expect(made).toBe(2);
  await pool.close();
});

it('bounds how many wait, and how long', async () => {
  const pool = poolOf(async () => new Pipe(), { size: 1, waiting: 1 });
  const { open, opened } = gate();
  const first = pool.use(60_000, () => opened);
  await expect
    .poll(async () => pool.use(1, async () => 'free').catch((error: unknown) => error))
    .toMatchObject({
      message: 'No connection to the database was free within 1 ms',
    });
  const second = pool.use(60_000, async () => 'second');
  await expect(pool.use(60_000, async () => 'third')).rejects.toMatchObject({ kind: 'unreachable', code: 'busy' });
  open();
  await first;
  expect(await second).toBe('second');
  await pool.close();
});

it('tries again while somebody waits, and rejects with the last failure when the time is over', async () => {
  let attempts = 0;
  const pool = poolOf(async () => {
    attempts++;
    throw new DatabaseFailure('unreachable', 'ECONNREFUSED', `attempt ${attempts}`);
  });
  await expect(pool.use(400, async () => 'never')).rejects.toThrow(/^attempt \d+$/);
  expect(attempts).toBeGreaterThan(1);
  await pool.close();
});

it('what waiting does not mend rejects at once', async () => {
  const pool = poolOf(async () => {
    throw new DatabaseFailure('refused', '28P01', 'wrong password');
  });
  await expect(pool.use(3_600_000, async () => 'never')).rejects.toThrow('wrong password');
  await pool.close();
});

it('an ended connection is replaced', async () => {
  let made = 0;
  const pool = poolOf(async () => {
    made++;
    return new Pipe();
  });
  await pool.use(60_000, async (connection) => {
    connection.destroy();
  });
  await pool.use(60_000, async (connection) => {
    expect(connection.usable).toBe(true);
  });
  expect(made).toBe(2);
  await pool.close();
  await expect(pool.use(60_000, async () => 'never')).rejects.toMatchObject({ code: 'closed' });
});
