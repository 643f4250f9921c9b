import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  readonly seed: number;
  /** Processes that serve; the one that started them is killed, which must end them. */
  readonly workers: number;
  /** A backup is taken, and restored, in one of so many rounds; undefined: in none. */
  readonly backupEvery: number | undefined;
  /** Where the report goes as JSON; undefined: nowhere. */
  readonly json: string | undefined;
}

/** @throws TypeError if an option is unknown or no number. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    // pnpm hands on the `--` before the options.
    args: args.filter((argument) => argument !== '--'),
    options: {
      rounds: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
      'backup-every': { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    rounds: wholeNumber('rounds', values.rounds ?? '20'),
    seed: wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000)),
    workers: wholeNumber('workers', values.workers ?? '1'),
    backupEvery:
      values['backup-every'] === 'none' ? undefined : wholeNumber('backup-every', values['backup-every'] ?? '4'),
    json: values.json,
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new TypeError(`--${option} is a whole number from 1`);
  return Number(text);
}
