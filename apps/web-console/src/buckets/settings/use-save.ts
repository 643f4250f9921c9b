import { ClientError } from '@coffer/client';
import { useState } from 'react';
import { tellDone } from '../../ui/toast.tsx';

/** Saving one section of the settings. */
export interface Saving {
  readonly isPending: boolean;
  readonly failure: unknown;
  /** Saves, says `done` when that succeeded, and answers whether it did. */
  readonly save: (action: () => Promise<void>, done: string) => Promise<boolean>;
  readonly forget: () => void;
}

export function useSave(): Saving {
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  return {
    isPending,
    failure,
    save: async (action, done) => {
      setIsPending(true);
      setFailure(undefined);
      try {
        await action();
        tellDone(done);
        return true;
      } catch (error) {
        setFailure(error);
        return false;
      } finally {
        setIsPending(false);
      }
    },
    forget: () => {
      setFailure(undefined);
    },
  };
}

/** Somebody else has changed the setting since it was read here. */
export function changedElsewhere(): ClientError {
  return new ClientError('conflict', 'The setting was changed in the meantime');
}
