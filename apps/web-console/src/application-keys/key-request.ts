import { operations, type Capability } from '@coffer/b2-schema';
import { problemsOf } from '../format/problems.ts';
import type { TypedNumber } from '../ui/small-fields.tsx';
import { capabilitiesOf, fits, type Preset } from './capability-groups.ts';

/** A key that is to be made, as it is entered. */
export interface KeyForm {
  readonly keyName: string;
  readonly preset: Preset | 'custom';
  /** What was chosen one by one. */
  readonly chosen: readonly Capability[];
  readonly isForBuckets: boolean;
  readonly bucketIds: readonly string[];
  readonly namePrefix: string;
  readonly unit: 'never' | 'hours' | 'days';
  readonly duration: TypedNumber;
}

/** What is wrong with each field. */
export type KeyProblems = Readonly<
  Partial<Record<'keyName' | 'capabilities' | 'bucketIds' | 'namePrefix' | 'duration', string>>
>;

const { keyName, namePrefix } = operations.b2_create_key.request.shape;
/** The server takes less than 1,000 days and a second. */
const mostDays = 1_000;
const hoursOfDay = 24;
const secondsOfHour = 3_600;

/** The capabilities that the key gets: of a preset only those that `mayGive` has. */
export function capabilitiesOfForm(form: KeyForm, mayGive: (capability: Capability) => boolean): readonly Capability[] {
  if (form.preset === 'custom') return form.chosen.filter((capability) => fits(capability, form.isForBuckets));
  return capabilitiesOf(form.preset, form.isForBuckets).filter(mayGive);
}

/** How long the key is valid, in seconds; undefined: for ever. */
export function durationOf({ unit, duration }: KeyForm): number | undefined {
  if (unit === 'never') return undefined;
  return Number(duration) * secondsOfHour * (unit === 'days' ? hoursOfDay : 1);
}

/** What the server would refuse. */
export function problemsOfForm(form: KeyForm, capabilities: readonly Capability[]): KeyProblems {
  const problems: Record<keyof KeyProblems, string | undefined> = {
    keyName: problemsOf(keyName, form.keyName).length === 0 ? undefined : '1 to 100 letters, digits or hyphens.',
    capabilities: capabilities.length === 0 ? 'Choose at least one capability.' : undefined,
    bucketIds: form.isForBuckets && form.bucketIds.length === 0 ? 'Choose at least one bucket.' : undefined,
    namePrefix: form.namePrefix === '' ? undefined : problemsOf(namePrefix, form.namePrefix)[0]?.text,
    duration: form.unit === 'never' ? undefined : durationProblem(form.unit, form.duration),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, text]) => text !== undefined));
}

function durationProblem(unit: 'hours' | 'days', duration: TypedNumber): string | undefined {
  const most = unit === 'days' ? mostDays : mostDays * hoursOfDay;
  if (typeof duration === 'number' && duration >= 1 && duration <= most) return undefined;
  return `A whole number from 1 to ${most.toLocaleString('en-US')}.`;
}
