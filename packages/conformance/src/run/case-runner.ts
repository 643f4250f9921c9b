import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError } from '../model/conformance-error.ts';
import type { Profile } from '../model/feature.ts';
import type { MadeThing } from '../model/made-thing.ts';
import type { CaseResult } from '../report/report.ts';
import type { Environment } from '../target/secrets.ts';
import { deviationOf, missingFeatures, whatIsMissing, type Target } from '../target/target.ts';
import { createHttpTransport } from '../wire/http-transport.ts';
import { paced } from '../wire/pace.ts';
import { Redactor } from '../wire/redactor.ts';
import type { Transport } from '../wire/transport.ts';
import { noJournal, type Journal } from './journal.ts';
import { openWorkplace } from './open-workplace.ts';
import { removeEarlier } from './remove-earlier.ts';
import { runCase } from './run-case.ts';
import { secretsOf, type Workplace } from './workplace.ts';

/** What a runner of single cases needs; its caller decides which cases run, and when. */
export interface RunnerOptions {
  readonly target: Target;
  readonly profile: Profile;
  /** Where the secrets are that the target names. */
  readonly environment: Environment;
  /** A number above 0; no limit, if left out. */
  readonly requestsPerSecond?: number;
  /** Certificates to trust, in PEM. */
  readonly ca?: string;
  /** Instead of `node:http`. */
  readonly transport?: Transport;
}

/** Runs cases, at some at a time, and removes what they made. */
export interface CaseRunner {
  readonly run: (testCase: ConformanceCase) => Promise<CaseResult>;
  /** Removes the run's bucket, and names what could not be removed. */
  readonly close: () => Promise<readonly string[]>;
}

/** A runner that notes what it makes. */
export interface JournalingRunner extends CaseRunner {
  /** Removes what an earlier run made. What could not be removed is named at the end. */
  readonly removeEarlier: (things: readonly MadeThing[]) => Promise<void>;
  /** Names what could not be removed up to now. */
  readonly leftBehind: () => readonly string[];
}

/**
 * Opens a runner of single cases, for test frameworks.
 *
 * @throws ConformanceError `options`, or if the target cannot be used at all: `target`, `setup` or `connection`.
 */
export function openRunner(options: RunnerOptions): Promise<CaseRunner> {
  return openJournalingRunner(options, noJournal);
}

/** The same with a journal. */
export async function openJournalingRunner(options: RunnerOptions, journal: Journal): Promise<JournalingRunner> {
  const { target, profile, environment, ca, requestsPerSecond } = options;
  if (requestsPerSecond !== undefined && !(Number.isFinite(requestsPerSecond) && requestsPerSecond > 0))
    throw new ConformanceError('options', 'requestsPerSecond has to be a number above 0.');
  const http = createHttpTransport(ca === undefined ? {} : { ca });
  const plain = options.transport ?? http.send;
  const now = (): number => performance.now();
  const send = requestsPerSecond === undefined ? plain : paced(plain, { requestsPerSecond, now, wait });
  try {
    const { place, close } = await openWorkplace(target, profile, send, environment, journal);
    const redactor = new Redactor();
    for (const secret of secretsOf(place)) redactor.learn(secret);
    const left: string[] = [];
    const leave = (things: readonly string[]): void => {
      left.push(...things.map((what) => redactor.text(what)));
    };
    return {
      run: (testCase) => resultOf(testCase, target, place, left),
      removeEarlier: async (things) => {
        leave(await removeEarlier(place, things));
      },
      leftBehind: () => left,
      close: async () => {
        leave(await close().finally(http.close));
        return left;
      },
    };
  } catch (error) {
    http.close();
    throw error;
  }
}

async function resultOf(
  testCase: ConformanceCase,
  target: Target,
  place: Workplace,
  left: string[],
): Promise<CaseResult> {
  const { id, title, requirement, source, needs } = testCase;
  const what = { id, title, requirement, source };
  const missing = missingFeatures(target, needs);
  if (missing.length > 0) {
    const problems = [whatIsMissing(target, missing)];
    return { ...what, outcome: 'skipped', problems, missing, exchanges: [], milliseconds: 0 };
  }
  const begun = performance.now();
  const { outcome, problems, exchanges } = await runCase(testCase, place, left);
  const rest = { missing, exchanges: [...exchanges], milliseconds: Math.round(performance.now() - begun) };
  const known = deviationOf(target, id);
  if (outcome === 'fail' && known !== undefined) {
    const reason = known.link === undefined ? known.reason : `${known.reason} (${known.link})`;
    return { ...what, outcome: 'deviation', problems: [`known: ${reason}`, ...problems], ...rest };
  }
  return { ...what, outcome, problems: [...problems], ...rest };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
