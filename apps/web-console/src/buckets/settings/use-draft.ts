import { useState } from 'react';

/** A setting while it is edited. */
export interface Draft<Value> {
  /** What is edited, or what is stored as long as nothing was. */
  readonly value: Value;
  readonly isChanged: boolean;
  /** Whether the stored setting is no longer the one that this draft began with. */
  readonly isOutdated: boolean;
  readonly change: (value: Value) => void;
  /** Goes back to what is stored. */
  readonly drop: () => void;
}

/**
 * Keeps what somebody has changed of a stored setting, and lets the setting through as long as nothing was changed. The
 * values are compared as JSON.
 */
export function useDraft<Value>(stored: Value): Draft<Value> {
  const [draft, setDraft] = useState<{ readonly value: Value; readonly base: string }>();
  const present = JSON.stringify(stored);
  return {
    value: draft === undefined ? stored : draft.value,
    isChanged: draft !== undefined && JSON.stringify(draft.value) !== present,
    isOutdated: draft !== undefined && draft.base !== present,
    change: (value) => {
      setDraft((before) => ({ value, base: before?.base ?? present }));
    },
    drop: () => {
      setDraft(undefined);
    },
  };
}
