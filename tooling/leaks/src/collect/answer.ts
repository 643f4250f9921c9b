import { Buffer } from 'node:buffer';
import type { TestAnswer } from '@coffer/storage-testkit';
import type { Collector } from './collector.ts';
import { fingerprintHeaders, fingerprints, givenOut, tokenToldBack } from './given-out.ts';
import { takeFields } from './take-fields.ts';

/**
 * Collects an answer, without the secrets that it may give out. These are registered as secrets: no other output must
 * contain them.
 */
export function collectAnswer(collector: Collector, answer: TestAnswer): void {
  const { method, status, target } = answer;
  const path = target.split('?', 1)[0] ?? '';
  const operation = /^\/b2api\/v\d\/(\w+)/.exec(path)?.[1] ?? '';
  const label = `answer ${status} to ${method} ${operation === '' ? path : operation}`;
  const lines = answer.headers
    .filter(([name]) => status >= 300 || !fingerprintHeaders.includes(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}`);
  collector.output(`${label}: head`, lines.join('\n'));
  collector.output(
    `${label}: body`,
    status === 200 ? withoutGivenOut(collector, operation, answer.body) : withoutToken(answer.body),
  );
}

function withoutToken(body: Uint8Array): string | Uint8Array {
  const text = Buffer.from(body).toString();
  if (!text.includes(tokenToldBack)) return body;
  const { message: _, ...rest } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return rest['code'] === tokenToldBack ? JSON.stringify(rest) : body;
}

function withoutGivenOut(collector: Collector, operation: string, body: Uint8Array): string | Uint8Array {
  const secrets = givenOut[operation] ?? [];
  const allowed = [...secrets, ...(fingerprints[operation] ?? [])];
  if (allowed.length === 0 || body.length === 0) return body;
  const json = JSON.parse(Buffer.from(body).toString()) as unknown;
  for (const path of allowed) {
    for (const value of takeFields(json, path)) {
      if (secrets.includes(path)) collector.secret(Buffer.from(value), () => `${path} given out by ${operation}`);
    }
  }
  return JSON.stringify(json);
}
