import { SecretString } from '@coffer/bytes';
import { ConformanceError } from '../model/conformance-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of an environment variable. @throws ConformanceError `target` if it is not set. */
function variable(name: string, environment: Environment): string {
  const value = environment[name];
  if (value === undefined || value === '')
    throw new ConformanceError('target', `The environment variable ${name}, which the target names, is not set.`);
  return value;
}

/** A secret that the target names. The caller wipes it. @throws ConformanceError `target` if it is not set. */
export function secretFrom({ env }: { readonly env: string }, environment: Environment): SecretString {
  return SecretString.of(variable(env, environment));
}

/** A value that stands in the target, or is named by it. @throws ConformanceError `target` if it is not set. */
export function valueFrom(value: string | { readonly env: string }, environment: Environment): string {
  return typeof value === 'string' ? value : variable(value.env, environment);
}
