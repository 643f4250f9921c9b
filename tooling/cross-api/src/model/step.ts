import type { Mode } from '../customer-keys.ts';
import type { WireName } from '../wires/wire.ts';

interface Steps {
  readonly 'create bucket': { readonly encrypts: boolean; readonly locks: boolean };
  readonly 'set default': { readonly encrypts: boolean };
  readonly 'delete bucket': unknown;
  readonly put: { readonly name: number; readonly size: number; readonly mode: Mode };
  readonly hide: { readonly name: number };
  readonly copy: { readonly version: number; readonly to: number; readonly name: number; readonly mode: Mode };
  readonly 'delete version': { readonly version: number; readonly bypass: boolean };
  readonly retain: {
    readonly version: number;
    readonly mode: 'governance' | 'compliance';
    /** From then on; null for none. */
    readonly days: number | null;
    readonly bypass: boolean;
  };
  readonly hold: { readonly version: number; readonly hold: 'on' | 'off' };
  readonly start: { readonly name: number; readonly mode: Mode; readonly filled: boolean };
  readonly part: { readonly file: number; readonly part: number; readonly size: number };
  readonly 'copy part': { readonly file: number; readonly part: number; readonly version: number };
  readonly finish: { readonly file: number };
  readonly cancel: { readonly file: number };
  readonly wait: { readonly hours: number };
}

/**
 * One operation of a script: by which API, in which bucket. Numbers choose among what there is at that moment, so that
 * every script can be run and shortened.
 */
export type Step = {
  [Name in keyof Steps]: { readonly do: Name; readonly wire: WireName; readonly bucket: number } & Steps[Name];
}[keyof Steps];

/** The details of a step. */
export type StepOf<Name extends keyof Steps> = Extract<Step, { readonly do: Name }>;

/** Folders, and names whose order differs between UTF-8 and UTF-16. */
const names = ['a', 'a/b', 'a/c', 'a/c/d', 'b', 'ä/x', '\u{10400}', '\uffee'] as const;
export const bucketNames = ['first-bucket', 'second-bucket'] as const;

export function nameOf(index: number): string {
  return names[index % names.length] ?? '';
}

/** A script as lines to read, one for each step. */
export function printScript(script: readonly Step[]): string {
  return script.map(({ do: verb, wire, ...details }) => `\n  ${wire} ${verb}: ${JSON.stringify(details)}`).join('');
}
