import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { customerKeys } from '../encryption.ts';
import type { Ledger } from '../ledger.ts';
import type { CrashServer } from '../server.ts';

/** Nothing that is stored is damaged, nor left over: what `coffer verify` says beside the server, with all customer keys. */
export async function verifyStore(ledger: Ledger, server: CrashServer): Promise<void> {
  const keys = join(server.folder, 'customer.keys');
  writeFileSync(keys, customerKeys.map((key) => `${key.toString('base64')}\n`).join(''), { mode: 0o600 });
  const child = spawn(process.execPath, [...server.command('verify'), '--customer-key-file', keys], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  for (const line of output.split('\n').filter((found) => found !== ''))
    ledger.violated(`verify: ${line}`, /4_z\w+/.exec(line)?.[0] ?? line);
  if (code !== 0 && output === '') ledger.violated(`verify ended with ${code}: ${complaints}`, 'verify');
}
