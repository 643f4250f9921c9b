import { ConformanceError } from '../model/conformance-error.ts';
import type { DamageOutcome } from './at-rest-report.ts';
import type { FileService, Range, Reading } from './file-service.ts';
import type { StoredFile } from './stored-file.ts';
import { NoByteError } from './tolerant-transport.ts';

/** What came of reading a file. */
export interface ReadBack {
  readonly outcome: DamageOutcome;
  readonly detail: string;
}

/** From the worst to the best. */
const severity: readonly DamageOutcome[] = ['wrong bytes', 'down', 'detected', 'unharmed'];

/** Reads a file whole, and a range of it. The outcome is the worse one of both. */
export async function readBack(service: FileService, file: StoredFile, around: number): Promise<ReadBack> {
  const whole = await readOnce(service, file);
  const range = rangeAround(around, file.content.length);
  const part = await readOnce(service, file, range);
  const worse = severity.indexOf(part.outcome) < severity.indexOf(whole.outcome);
  if (!worse) return whole;
  return { ...part, detail: `bytes ${range.first} to ${range.last}: ${part.detail} (all of it: ${whole.outcome})` };
}

/** Reads a file whole, or a range of it. */
export async function readOnce(service: FileService, file: StoredFile, range?: Range): Promise<ReadBack> {
  try {
    return judgeReading(await service.get(file.handle, file.mode, range), file.content, range);
  } catch (error) {
    if (error instanceof NoByteError) return { outcome: 'down', detail: error.message };
    // Whether it has ended is for the caller to find out.
    if (error instanceof ConformanceError) return { outcome: 'detected', detail: error.message };
    throw error;
  }
}

/** What an answer is, compared with what was written. */
export function judgeReading(reading: Reading, content: Uint8Array, range?: Range): ReadBack {
  const { status, ok, code, body, cut } = reading;
  if (!ok) return { outcome: 'detected', detail: `status ${status}${shownCode(code)}` };
  // Who does not know ranges answers with all of it.
  const wanted = range === undefined || status === 200 ? content : content.subarray(range.first, range.last + 1);
  const length = Math.min(body.length, wanted.length);
  const right = Buffer.compare(body.subarray(0, length), wanted.subarray(0, length)) === 0;
  if (!right) {
    const at = body.findIndex((byte, index) => byte !== wanted[index]);
    return { outcome: 'wrong bytes', detail: `status ${status}, wrong from byte ${at} of ${wanted.length}` };
  }
  if (cut) return { outcome: 'detected', detail: `cut short after ${body.length} right bytes of ${wanted.length}` };
  if (body.length === wanted.length) return { outcome: 'unharmed', detail: 'right' };
  return {
    outcome: 'wrong bytes',
    detail: `status ${status}, ${body.length} bytes as if they were all ${wanted.length}`,
  };
}

/** A code as the protocols have them. Anything else may be long, or a key that the server gives back. */
function shownCode(code: string | undefined): string {
  if (code === undefined) return '';
  return /^[a-zA-Z0-9_.-]{1,40}$/.test(code) ? ` ${code}` : ' and a code that is none';
}

function rangeAround(place: number, length: number): Range {
  const middle = Math.floor(place * (length - 1));
  return { first: Math.max(0, middle - 100), last: Math.min(length - 1, middle + 100) };
}
