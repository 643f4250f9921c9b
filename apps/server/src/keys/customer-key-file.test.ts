import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCustomerKeys } from './customer-key-file.ts';

async function fileWith(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-keys-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'customer.keys');
  await writeFile(path, text);
  return path;
}

const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

test('keys in base64 and in hexadecimal, one on each line, between comments and empty lines', async () => {
  const path = await fileWith(`# ours\n${one.toString('base64')}\r\n\n  ${two.toString('hex').toUpperCase()}`);
  const keys = await readCustomerKeys(path);
  expect(keys.map((key) => key.expose((bytes) => Buffer.from(bytes)))).toEqual([one, two]);
});

test('what is no key is refused by its line, and not repeated', async () => {
  const wrong = 'c2VjcmV0';
  const path = await fileWith(`${one.toString('base64')}\n${wrong}\n`);
  const refusal = await readCustomerKeys(path).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'config', message: expect.stringContaining('Line 2 of') as string });
  expect(String(refusal)).not.toContain(wrong);
  await expect(readCustomerKeys(await fileWith('# none\n'))).rejects.toThrow('no customer key');
  await expect(readCustomerKeys(join(path, 'other'))).rejects.toMatchObject({ code: 'config' });
});
