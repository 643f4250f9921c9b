import type { CallerName } from './caller.ts';
import type { AskedLock, AskedRetention } from './lock-model.ts';
import type { LifecycleRule, Mode } from './model.ts';

/** What a new file asks for. */
interface Wishes {
  readonly mode: Mode;
  readonly lock: AskedLock;
  readonly by: CallerName;
}

export interface BucketSteps {
  readonly 'set default': { readonly encrypts: boolean };
  readonly 'delete bucket': unknown;
  readonly 'enable lock': { readonly by: CallerName };
  readonly 'set retention': { readonly retention: AskedRetention | null; readonly by: CallerName };
  readonly 'set rules': { readonly rules: readonly LifecycleRule[] };
}

export interface FileSteps {
  readonly upload: { readonly name: number; readonly size: number } & Wishes;
  readonly hide: { readonly name: number };
  readonly copy: {
    readonly version: number;
    readonly to: number;
    readonly name: number;
    readonly range: boolean;
  } & Wishes;
}

export interface VersionSteps {
  readonly 'delete version': { readonly version: number; readonly bypass: boolean; readonly by: CallerName };
  readonly retain: {
    readonly version: number;
    readonly retention: AskedRetention | null;
    readonly bypass: boolean;
    readonly by: CallerName;
  };
  readonly hold: { readonly version: number; readonly hold: 'on' | 'off'; readonly by: CallerName };
}

export interface LargeFileSteps {
  readonly start: { readonly name: number; readonly filled: boolean } & Wishes;
  readonly part: { readonly file: number; readonly part: number; readonly size: number };
  readonly finish: { readonly file: number };
  readonly cancel: { readonly file: number };
}

export interface AccountSteps {
  readonly 'create bucket': {
    readonly bucket: number;
    readonly encrypts: boolean;
    readonly locks: boolean;
    readonly tells: boolean;
  };
  readonly 'create key': { readonly name: number };
  readonly 'delete key': { readonly key: number };
  readonly wait: { readonly hours: number };
  readonly 'run lifecycle': unknown;
}

type StepIn<Steps, Extra = unknown> = {
  [Name in keyof Steps]: { readonly do: Name } & Steps[Name] & Extra;
}[keyof Steps];
interface InBucket {
  readonly bucket: number;
}

type AccountStep = StepIn<AccountSteps>;
export type BucketStep = StepIn<BucketSteps & FileSteps & VersionSteps & LargeFileSteps, InBucket>;

/**
 * One operation of a script. Numbers choose among what there is at that moment, so that every script can be run and
 * shortened.
 */
export type Step = AccountStep | BucketStep;

/** Folders, and names whose order differs between UTF-8 and UTF-16. */
const names = ['a', 'a/b', 'a/c', 'a/c/d', 'b', 'ä/x', '\u{10400}', '\uffee'] as const;
export const bucketNames = ['first-bucket', 'Second-Bucket', 'third-bucket'] as const;

export function nameOf(index: number): string {
  return names[index % names.length] ?? '';
}

/** A script as lines to read, one for each step; what a lifecycle rule does not do is left out. */
export function printScript(script: readonly Step[]): string {
  return script.map(({ do: verb, ...details }) => `\n  ${verb}: ${JSON.stringify(details, shown)}`).join('');
}

function shown(key: string, value: unknown): unknown {
  if (key === 'name' && typeof value === 'number') return nameOf(value);
  return value === null && key.startsWith('days') ? undefined : value;
}
