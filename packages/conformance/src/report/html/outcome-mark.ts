import type { Outcome } from '../report.ts';
import { markup, type Markup } from './markup.ts';

/** A sign and words beside each colour, for whoever does not tell colours apart, and for paper. */
export const outcomeWords: Readonly<Record<Outcome, { readonly sign: string; readonly one: string }>> = {
  pass: { sign: '✓', one: 'passed' },
  fail: { sign: '✗', one: 'failed' },
  error: { sign: '!', one: 'error' },
  deviation: { sign: '≈', one: 'known deviation' },
  skipped: { sign: '–', one: 'skipped' },
};

/** The outcomes from the worst one to the best one. */
export const worstFirst: readonly Outcome[] = ['fail', 'error', 'deviation', 'skipped', 'pass'];

/** The outcome as a word, or how many cases have it. */
export function outcomeMark(outcome: Outcome, count?: number): Markup {
  const { sign, one } = outcomeWords[outcome];
  if (count === undefined) return markup`<span class="mark ${outcome}">${sign} ${one}</span>`;
  return markup`<span class="mark ${outcome}" title="${count} ${one}">${sign} ${count}</span>`;
}
