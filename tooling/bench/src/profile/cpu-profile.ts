import { groupOfFrame } from './profile-groups.ts';

/** As much of V8's profile as is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Microseconds of the system's monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const idle = '(idle)';

/** Microseconds of the thread between two points of the monotonic clock, by group, without those it was idle. */
export function busyBetween(profile: CpuProfile, from: number, to: number): ReadonlyMap<string, number> {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const sums = new Map<string, number>();
  let at = profile.startTime;
  profile.samples.forEach((id, i) => {
    const delta = profile.timeDeltas[i] ?? 0;
    at += delta;
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === idle || at < from || at >= to) return;
    const group = groupOfFrame(frame);
    sums.set(group, (sums.get(group) ?? 0) + delta);
  });
  return sums;
}
