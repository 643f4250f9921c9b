import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerKeys } from '../encryption.ts';
import type { Ledger } from '../ledger.ts';
import { startProgram } from '../program-run.ts';
import type { CrashServer } from '../server.ts';

/**
 * Checks with `coffer verify`, while the server runs and with all customer keys, that nothing in the store is damaged
 * or left over.
 */
export async function verifyStore(ledger: Ledger, server: CrashServer): Promise<void> {
  const keys = join(server.folder, 'customer.keys');
  writeFileSync(keys, customerKeys.map((key) => `${key.toString('base64')}\n`).join(''), { mode: 0o600 });
  const run = startProgram([...server.command('verify'), '--customer-key-file', keys]);
  const { code, output, complaints } = await run.ended;
  for (const line of output.split('\n').filter((found) => found !== ''))
    ledger.violated(`verify: ${line}`, /4_z\w+/.exec(line)?.[0] ?? line);
  if (code !== 0 && output === '') ledger.violated(`verify ended with ${code}: ${complaints}`, 'verify');
}
