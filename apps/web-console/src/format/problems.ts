import type * as z from 'zod';

/** What is wrong with a value that somebody enters: where, and in words. */
export interface Problem {
  /** Members and places in lists, from the outside in. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** The problems that a schema finds with a value; none if it takes it. */
export function problemsOf(schema: z.ZodType, value: unknown): readonly Problem[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.map(problemOf);
}

/** The first problem of the member at this path, or of anything in it. */
export function problemAt(problems: readonly Problem[], ...path: readonly (string | number)[]): string | undefined {
  return problems.find((problem) => path.every((key, index) => problem.path[index] === key))?.text;
}

/** The problems inside of a member, as seen from there. */
export function problemsIn(problems: readonly Problem[], member: string | number): readonly Problem[] {
  return problems.filter(({ path }) => path[0] === member).map(({ path, text }) => ({ path: path.slice(1), text }));
}

function problemOf(issue: z.core.$ZodIssue): Problem {
  return { path: issue.path.map((key) => (typeof key === 'symbol' ? key.toString() : key)), text: textOf(issue) };
}

/** In the words of the schema's own rules where there are some, and else in plain ones. */
function textOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_type':
      return typeTexts[issue.expected] ?? 'This is not valid.';
    case 'too_small':
      if (issue.origin === 'array') return 'There must be at least one.';
      return `This must be at least ${bound(issue.minimum, issue.inclusive === false ? 1 : 0)}.`;
    case 'too_big':
      // Lists that are limited have a message of their own, as far as people can exceed them.
      if (issue.origin === 'array') return issue.message;
      if (issue.origin === 'string') return `This must be no longer than ${bound(issue.maximum, 0)} characters.`;
      return `This must be at most ${bound(issue.maximum, issue.inclusive === false ? -1 : 0)}.`;
    case 'unrecognized_keys':
      return `There is no such member here: ${issue.keys.join(', ')}.`;
    case 'invalid_value':
      return `This must be one of: ${issue.values.map(String).join(', ')}.`;
    default:
      return issue.message;
  }
}

const typeTexts: Readonly<Partial<Record<string, string>>> = {
  int: 'This must be a whole number.',
  number: 'This must be a whole number.',
  string: 'This must be a text.',
  boolean: 'This must be true or false.',
  array: 'This must be a list.',
  object: 'This must be an object.',
  record: 'This must be an object with texts.',
};

function bound(limit: number | bigint, step: number): string {
  return (Number(limit) + step).toLocaleString('en-US');
}
