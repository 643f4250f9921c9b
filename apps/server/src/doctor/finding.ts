import { StartupError } from '../startup-error.ts';

/** One thing that was looked at. */
export interface Finding {
  /** `note`: nothing is wrong, but the operator should know. */
  readonly kind: 'ok' | 'note' | 'problem';
  /** What was found, in plain words. */
  readonly text: string;
  /** What to do about it. */
  readonly mend?: string;
}

export const ok = (text: string): Finding => ({ kind: 'ok', text });
export const note = (text: string, mend: string): Finding => ({ kind: 'note', text, mend });
export const problem = (text: string, mend: string): Finding => ({ kind: 'problem', text, mend });

/** Turns an error that would keep a server from starting into a finding. Other errors are thrown again. */
export function asProblem(error: unknown, mend: string): Finding {
  if (error instanceof StartupError) return problem(error.message, mend);
  throw error;
}
