import { AddressError } from './address.ts';

const defaultSchema = 'coffer';

/**
 * The name of a schema, which goes into statements as it is.
 *
 * @throws AddressError unless it is a name that PostgreSQL takes without quotes.
 */
export function checkSchemaName(name: string = defaultSchema): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name) && !name.startsWith('pg_')) return name;
  throw new AddressError(
    'The schema of the database must be 1 to 63 of a-z, 0-9 and _, must not begin with a digit and not with pg_',
  );
}

/** @throws AddressError which names the option, unless the value is an integer from `least` to `most`. */
export function checkNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new AddressError(`The option ${name} must be an integer from ${least} to ${most}, not ${value}`);
}
