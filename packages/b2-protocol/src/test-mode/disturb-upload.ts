import type { HttpRequest } from '@coffer/http';
import { B2Error } from '../errors/b2-error.ts';
import type { B2Options } from '../options.ts';
import { asksFor, happens } from './requested-faults.ts';
import type { TestMode } from './test-mode.ts';

/** Rare enough that a client which repeats a few times gets through: b2sdk gives up after five. */
const shareOfSome = 1 / 4;

/**
 * Delays an upload that is otherwise in order, or makes it fail, as test mode says; does not read its body. Does
 * nothing without test mode.
 *
 * @throws B2Error `cap_exceeded`, `service_unavailable`.
 */
export async function disturbUpload(options: B2Options, request: HttpRequest): Promise<void> {
  const { random, testMode } = options;
  if (testMode === undefined) return;
  await delay(testMode, request.signal);
  if (asksFor(options, request, 'force_cap_exceeded')) {
    throw new B2Error('cap_exceeded', 'Usage cap exceeded, as the request asked for', { deliberate: true });
  }
  const { uploadFailureRate = 0 } = testMode;
  const share = asksFor(options, request, 'fail_some_uploads')
    ? Math.max(shareOfSome, uploadFailureRate)
    : uploadFailureRate;
  if (share > 0 && happens(share, random)) {
    throw new B2Error('service_unavailable', 'The upload failed on purpose, get another upload URL', {
      deliberate: true,
    });
  }
}

async function delay({ latencyMilliseconds = 0, wait = waitForTimer }: TestMode, signal: AbortSignal): Promise<void> {
  if (latencyMilliseconds > 0) await wait(latencyMilliseconds, signal);
}

function waitForTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
