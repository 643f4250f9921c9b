import { useEffect, useRef, useState } from 'react';
import { warnsBeforeUnload } from '../../ui/before-unload.ts';
import type { WorkItem } from './file-selection.ts';
import { CountedItems, countWork, runWork, type WorkCount, type WorkProgress, type WorkResult } from './file-work.ts';

/** What is to be done with what. */
export interface FileWork {
  /** Everything that it is done with; walked through twice, to count and to work. What came in between is left out. */
  readonly walk: (signal: AbortSignal) => AsyncIterable<WorkItem>;
  readonly act: (item: WorkItem, signal: AbortSignal) => Promise<unknown>;
}

/** Where the work stands. It begins with counting. */
type WorkPhase =
  | { readonly at: 'counting'; readonly count: WorkCount | undefined }
  | { readonly at: 'counted'; readonly count: WorkCount }
  | { readonly at: 'running'; readonly count: WorkCount; readonly progress: WorkProgress }
  | { readonly at: 'finished'; readonly count: WorkCount; readonly result: WorkResult }
  /** `progress`: of the work; undefined if the counting failed. */
  | { readonly at: 'stopped'; readonly progress: WorkProgress | undefined; readonly error: unknown };

const drawEveryMs = 100;

interface RunningWork {
  readonly phase: WorkPhase;
  /** Begins, after it was counted. Resolves when something has come of it, whatever that is. */
  readonly begin: () => Promise<WorkResult | undefined>;
  /** Ends what is under way. What is done stays done. */
  readonly stop: () => void;
  readonly recount: () => void;
}

/**
 * Counts, and then works through, a selection of any size. `id`: another one is counted again. `onLost`: when the work
 * was ended because its dialog is there no more, as after a step back to another page.
 */
export function useFileWork(work: FileWork, id: string, onLost: (progress: WorkProgress) => void): RunningWork {
  const [phase, setPhase] = useState<WorkPhase>({ at: 'counting', count: undefined });
  const [attempt, setAttempt] = useState(0);
  const running = useRef<AbortController>(undefined);
  const counted = useRef(new CountedItems());
  const latest = useRef(work);
  latest.current = work;

  useEffect(() => {
    const controller = (running.current = new AbortController());
    const { signal } = controller;
    setPhase({ at: 'counting', count: undefined });
    const found = (counted.current = new CountedItems());
    countWork(found.note(latest.current.walk(signal)), (count) => {
      if (!signal.aborted) setPhase({ at: 'counting', count });
    }).then(
      (count) => {
        if (!signal.aborted) setPhase({ at: 'counted', count });
      },
      (error: unknown) => {
        if (!signal.aborted) setPhase({ at: 'stopped', progress: undefined, error });
      },
    );
    // What is running ends with its dialog, be that the count or the work: nobody could stop it any more.
    return () => {
      controller.abort();
      running.current?.abort();
    };
  }, [id, attempt]);

  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  const isRunning = phase.at === 'running';
  useEffect(() => (isRunning ? warnsBeforeUnload() : undefined), [isRunning]);

  const begin = async (): Promise<WorkResult | undefined> => {
    if (phase.at !== 'counted') return undefined;
    const { count } = phase;
    const controller = (running.current = new AbortController());
    const { signal } = controller;
    let progress: WorkProgress = { done: 0, bytes: 0, failed: 0, skipped: 0 };
    setPhase({ at: 'running', count, progress });
    let drawn = 0;
    const onProgress = (present: WorkProgress): void => {
      progress = present;
      if (Date.now() - drawn < drawEveryMs) return;
      drawn = Date.now();
      setPhase({ at: 'running', count, progress });
    };
    const { walk, act } = latest.current;
    try {
      const options = { signal, onProgress, counted: counted.current };
      const result = await runWork(walk(signal), (item) => act(item, signal), options);
      setPhase({ at: 'finished', count, result });
      return result;
    } catch (error) {
      if (!isMounted.current) onLost(progress);
      setPhase({ at: 'stopped', progress, error: signal.aborted ? undefined : error });
      return undefined;
    }
  };
  return {
    phase,
    begin,
    stop: () => {
      running.current?.abort();
    },
    recount: () => {
      setAttempt((before) => before + 1);
    },
  };
}
