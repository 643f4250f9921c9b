import type { HttpRequest } from '@coffer/http';
import type { RandomSource } from '@coffer/storage-ports';
import { badRequest } from '../errors/b2-error.ts';
import type { B2Options } from '../options.ts';
import { testFaults, type TestFault } from './test-mode.ts';

const testModeHeader = 'x-bz-test-mode';

/**
 * Whether a request asks for a fault; always false unless the server is in test mode.
 *
 * @throws B2Error `bad_request` for an unknown fault: otherwise a client's test of it would pass without having tested
 * anything.
 */
export function asksFor({ testMode }: B2Options, { headers }: HttpRequest, fault: TestFault): boolean {
  if (testMode === undefined) return false;
  const asked = headers.getAll(testModeHeader);
  const known: readonly string[] = testFaults;
  if (!asked.every((name) => known.includes(name))) {
    throw badRequest(`Header X-Bz-Test-Mode must be one of ${testFaults.join(', ')}`);
  }
  return asked.includes(fault);
}

/** True in about this share of the calls, picked by the random source. */
export function happens(share: number, random: RandomSource): boolean {
  const [a = 0, b = 0, c = 0] = random.bytes(3);
  return (a * 2 ** 16 + b * 2 ** 8 + c) / 2 ** 24 < share;
}
