import type { ClockDoubt, ClockJudgement } from '@coffer/storage-core';

/** What speaks against a doubted clock, in words. */
const reasons: Readonly<Record<ClockDoubt, (judgement: ClockJudgement) => string>> = {
  jumped: ({ now, certain }) =>
    `The clock was set while the machine ran: it shows ${timeText(now)}, and no later than ${timeText(certain)} ` +
    'is certain.',
  behind: ({ now, seen }) =>
    `The clock shows ${timeText(now)}, which is before ${timeText(seen)}, a time that this store has seen.`,
  ahead: ({ now, seen }) =>
    `The clock shows ${timeText(now)}, more than 30 days after ${timeText(seen)}, the last time that this store ` +
    'has seen.',
};

/** What to do about a clock that is doubted. */
export const clockRemedy = 'If it is right, say so with: coffer clock confirm. If it is not, set it right.';

/** Why a clock is doubted, in a sentence for the operator; undefined if it is not. */
export function clockDoubtText(judgement: ClockJudgement): string | undefined {
  return judgement.doubt === null ? undefined : reasons[judgement.doubt](judgement);
}

/** As log lines have it, in UTC. */
export function timeText(time: number | null): string {
  return time === null ? 'no time' : new Date(time).toISOString();
}
