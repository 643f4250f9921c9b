import type * as z from 'zod';
import { problemsOf } from '../../format/problems.ts';

/** What a text of JSON holds, or what is wrong with it. */
export type ReadDraft = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly text: string };

/** The JSON of a setting, as people edit it. */
export function printDraft(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** Reads such a text; a schema says what may stand in it. The value is what the text says, with nothing left out. */
export function readDraft(schema: z.ZodType, text: string): ReadDraft {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, text: `This is not JSON. ${error instanceof Error ? error.message : ''}`.trim() };
  }
  const [problem] = problemsOf(schema, value);
  return problem === undefined ? { ok: true, value } : { ok: false, text: placed(problem.path, problem.text) };
}

/** `[1].name: …` */
function placed(path: readonly (string | number)[], text: string): string {
  const place = path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
  return place === '' ? text : `${place}: ${text}`;
}
