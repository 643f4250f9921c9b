import { keys, type ClockMark } from '@coffer/storage-ports';
import type { ClockJudgement, ClockService } from '../services/clock-service.ts';
import { judgeBy, judgeClock } from './clock-judgement.ts';
import type { Core } from './core.ts';
import { transact } from './transaction.ts';

/**
 * Milliseconds between two records of the time that the store has seen. Each record costs a commit, and a crash loses
 * at most this much.
 */
const markEvery = 5 * 60_000;

export function clockService(core: Core): ClockService {
  return {
    judge: () => judgeClock(core),
    keep: ({ now = false } = {}) => keepMark(core, now),
    confirm: () => confirm(core),
  };
}

async function keepMark(core: Core, evenIfFresh: boolean): Promise<ClockJudgement> {
  return transact(core.metadata, async (tx) => {
    const mark = await tx.get('clockMarks', keys.clockMarks());
    const judgement = judgeBy(mark, core.clock);
    if (judgement.doubt !== null) return judgement;
    const isFresh = mark?.boot === core.clock.elapsed().boot && judgement.now < mark.seen + markEvery;
    if (evenIfFresh || !isFresh) tx.put('clockMarks', keys.clockMarks(), laterMark(core, mark, judgement.now));
    return judgement;
  });
}

/**
 * The values that the clock is compared with stay the same until the machine starts again; otherwise many small jumps
 * would go unnoticed.
 */
function laterMark(core: Core, mark: ClockMark | undefined, now: number): ClockMark {
  const seen = Math.max(now, mark?.seen ?? 0);
  return mark?.boot === core.clock.elapsed().boot ? { ...mark, seen } : { ...freshMark(core, now), seen };
}

function freshMark({ clock }: Core, now: number): ClockMark {
  const { boot, milliseconds } = clock.elapsed();
  return { seen: now, boot, monotonic: Math.floor(milliseconds), wall: now };
}

async function confirm(core: Core): Promise<ClockJudgement> {
  return transact(core.metadata, async (tx) => {
    const judgement = judgeBy(await tx.get('clockMarks', keys.clockMarks()), core.clock);
    tx.put('clockMarks', keys.clockMarks(), freshMark(core, judgement.now));
    return judgement;
  });
}
