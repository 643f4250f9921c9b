import { useState } from 'react';

/** A setting while it is edited. */
export interface Draft<Value> {
  /** What is edited, or what is stored as long as nothing was. */
  readonly value: Value;
  /** The stored setting that this draft began with. */
  readonly base: Value;
  readonly isChanged: boolean;
  /** Whether the stored setting is no longer the one that this draft began with. */
  readonly isOutdated: boolean;
  /** Begins with what is stored now, before anything is changed: what others store is not let through from then on. */
  readonly begin: () => void;
  /** Lets the stored setting through again, unless something was changed. */
  readonly release: () => void;
  readonly change: (value: Value) => void;
  /** Goes back to what is stored. */
  readonly drop: () => void;
}

interface Begun<Value> {
  readonly value: Value;
  readonly base: Value;
}

/**
 * Keeps what somebody has changed of a stored setting, and lets the setting through as long as nothing was changed. The
 * values are compared as JSON.
 */
export function useDraft<Value>(stored: Value): Draft<Value> {
  const [draft, setDraft] = useState<Begun<Value>>();
  const { value, base } = draft ?? { value: stored, base: stored };
  return {
    ...{ value, base },
    isChanged: !isSame(value, base),
    isOutdated: !isSame(base, stored),
    begin: () => {
      setDraft((before) => before ?? { value: stored, base: stored });
    },
    release: () => {
      setDraft(changedOrNone);
    },
    change: (changed) => {
      setDraft((before) => changedOrNone({ value: changed, base: before === undefined ? stored : before.base }));
    },
    drop: () => {
      setDraft(undefined);
    },
  };
}

function changedOrNone<Value>(draft: Begun<Value> | undefined): Begun<Value> | undefined {
  return draft === undefined || isSame(draft.value, draft.base) ? undefined : draft;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
