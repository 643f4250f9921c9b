import { expect, test } from 'vitest';
import { readJson } from './json-body.ts';

async function* bodyOf(text: string) {
  yield await Promise.resolve(new TextEncoder().encode(text));
}

/** The turn of the event loop in which each of the bodies was read, counted from now. */
async function turnsOf(texts: readonly string[]): Promise<number[]> {
  let turn = 0;
  let counting = true;
  const count = () => {
    turn++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  try {
    return await Promise.all(
      texts.map(async (text) => {
        await readJson(bodyOf(text), { declared: text.length });
        return turn;
      }),
    );
  } finally {
    counting = false;
  }
}

test('long JSON is read by one request in each turn of the event loop, and short JSON at once', async () => {
  const long = JSON.stringify({ text: 'x'.repeat(900_000) });
  const [short, ...others] = await turnsOf(['{}', long, long, long]);
  expect(short).toBe(0);
  expect(new Set(others).size).toBe(3);
});
