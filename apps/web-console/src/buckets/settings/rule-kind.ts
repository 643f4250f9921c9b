import type { ComponentType } from 'react';
import type * as z from 'zod';
import type { Problem } from '../../format/problems.ts';

/** What the rules of a kind are made of. `Rule` is a rule as JSON, in which what was typed may still be wrong. */
export interface RuleKind<Rule> {
  readonly title: string;
  readonly description: string;
  /** "CORS rule" */
  readonly one: string;
  /** Of all rules together. */
  readonly schema: z.ZodType;
  readonly most: number;
  /** What a new rule begins as. */
  readonly blank: Rule;
  /** The rule as it is sent: without what is only in the way it was typed. */
  readonly clean: (rule: Rule) => Rule;
  /** Whether the first rule that matches wins. */
  readonly isOrdered: boolean;
  /** What it is called where it is read out. */
  readonly nameOf: (rule: Rule) => string;
  readonly Summary: ComponentType<{ readonly rule: Rule }>;
  readonly Fields: ComponentType<RuleFieldsProps<Rule>>;
}

export interface RuleFieldsProps<Rule> {
  readonly rule: Rule;
  readonly onChange: (rule: Rule) => void;
  readonly problems: readonly Problem[];
}
