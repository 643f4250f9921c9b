import { useState } from 'react';
import type * as z from 'zod';
import { printDraft, readDraft } from './json-draft.ts';

/** A setting that is edited either in a form or as JSON. */
export interface JsonMode {
  /** The text; undefined while the form is shown. */
  readonly text: string | undefined;
  readonly problem: string | undefined;
  readonly change: (text: string) => void;
  /** Shows the value as text. */
  readonly open: (value: unknown) => void;
  /** Reads the text, says what is wrong with it, and answers the value if nothing is. */
  readonly read: () => { readonly value: unknown } | undefined;
  readonly close: () => void;
}

export function useJson(schema: z.ZodType): JsonMode {
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState<string>();
  return {
    text,
    problem,
    change: (changed) => {
      setText(changed);
      setProblem(undefined);
    },
    open: (value) => {
      setText(printDraft(value));
      setProblem(undefined);
    },
    read: () => {
      const read = readDraft(schema, text ?? '');
      if (read.ok) return { value: read.value };
      setProblem(read.text);
      return undefined;
    },
    close: () => {
      setText(undefined);
      setProblem(undefined);
    },
  };
}
