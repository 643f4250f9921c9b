import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerKeys } from '../encryption.ts';
import type { Ledger } from '../ledger.ts';
import { startProgram } from '../program-run.ts';
import type { CrashServer } from '../server.ts';

/**
 * Nothing that is stored is damaged, nor left over: what `coffer verify` says beside the server, with all customer
 * keys.
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
