import { Buffer } from 'node:buffer';
import { formsOf, type SecretForm } from '@coffer/storage-testkit';

/** A secret of a run. */
export interface Secret {
  /** Where it came into being. */
  readonly origin: string;
  readonly bytes: Uint8Array;
}

/** Shorter secrets, and those with fewer different bytes, are not searched for: they would be found by chance. */
const leastLength = 12;
const leastDifferentBytes = 6;
/**
 * The fewest different steps from one byte to the next. Tests fill files with rows of numbers, which have few and would
 * be found by chance.
 */
const leastDifferentSteps = 6;

export function isSearchable({ bytes }: Secret): boolean {
  const steps = new Set(bytes.subarray(1).map((byte, at) => byte - (bytes[at] ?? 0)));
  const isPlain = new Set(bytes).size < leastDifferentBytes || steps.size < leastDifferentSteps;
  return bytes.length >= leastLength && !isPlain;
}

/** Every way in which a secret or its MD5 may be written down. Hexadecimal is there in both cases. */
export function writtenForms({ bytes }: Secret): readonly SecretForm[] {
  const upper = ({ name, bytes: lower, anyCase }: SecretForm): SecretForm[] =>
    anyCase ? [{ name: `${name}, upper case`, bytes: Buffer.from(lower.toString().toUpperCase()), anyCase }] : [];
  return formsOf({ secrets: {}, keys: { secret: bytes } }).flatMap((form) => [form, ...upper(form)]);
}
