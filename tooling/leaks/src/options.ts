import { parseArgs } from 'node:util';

export interface Options {
  /** Also the scenarios with other people's clients. */
  readonly interop: boolean;
  /** Where the report goes as JSON; undefined: nowhere. */
  readonly json: string | undefined;
  /** What vitest is to run of the tests; all by default. */
  readonly filters: readonly string[];
}

/** @throws TypeError for an unknown option. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    // pnpm hands on the `--` before the options.
    args: args.filter((argument) => argument !== '--'),
    options: { interop: { type: 'boolean' }, json: { type: 'string' } },
    allowPositionals: true,
  });
  return { interop: values.interop === true, json: values.json, filters: positionals };
}
