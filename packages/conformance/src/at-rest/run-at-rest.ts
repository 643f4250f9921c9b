import { publicRandomBytes } from '@coffer/bytes';
import { closeSync, openSync } from 'node:fs';
import { ConformanceError } from '../model/conformance-error.ts';
import { customerKey } from '../model/customer-key.ts';
import type { Profile } from '../model/feature.ts';
import type { AtRest } from '../target/at-rest.ts';
import { valueFrom, type Environment } from '../target/secrets.ts';
import { featuresOf, type Target } from '../target/target.ts';
import { countVerdicts, type AtRestReport, type CheckResult } from './at-rest-report.ts';
import { dataPlaceholder, openDataDirectory, type DataDirectory } from './data-directory.ts';
import { readBaseline } from './baseline.ts';
import { tryDamages } from './damage-trials.ts';
import type { FileService } from './file-service.ts';
import { contentChecks, judgeContents, plainPlacesHold, untold } from './judge-contents.ts';
import { damageChecks, isOf, judgeBlastRadius, judgeDamages } from './judge-damages.ts';
import { modesOf, type StorageMode } from './mode.ts';
import { openFiles, originOf } from './open-files.ts';
import { planDamages } from './plan-damages.ts';
import { RestartedServer } from './restarted-server.ts';
import { judgeRollback } from './rollback.ts';
import { searchDirectory } from './search-directory.ts';
import { refuseAnswering, ServerProcess } from './server-process.ts';
import { earlierSpecimens, specimensOf, type Form, type Specimen } from './specimens.ts';
import { locatedIn, writeSpecimen, type StoredFile } from './stored-file.ts';
import { createTolerantTransport } from './tolerant-transport.ts';

export interface AtRestOptions {
  /** Has to have a part `atRest`. */
  readonly target: Target;
  readonly profile: Profile;
  /** Where the secrets are that the target names. The server gets all of it, too. */
  readonly environment: Environment;
  /** Says that the data directory, which has to be empty or not there, may be used and damaged. */
  readonly allowDamage: true;
  /** Only checks whose id contains one of these; all, if left out or empty. */
  readonly filter?: readonly string[];
  /** Certificates to trust, in PEM. */
  readonly ca?: string;
  /** How often the server may be started; 60 if left out. */
  readonly starts?: number;
  /** Milliseconds without a byte after which the server hangs; 15,000 if left out. */
  readonly idleMs?: number;
  /** Takes what the server prints; nothing does, if left out. */
  readonly serverLog?: string;
  /** Once it aborts, no further damage is tried; what was made is removed, and there is a report. */
  readonly signal?: AbortSignal;
  /** Called with a line on what is going on. */
  readonly onProgress?: (said: string) => void;
}

/** Everything that a run works with once it has begun. */
interface Setting {
  readonly options: AtRestOptions;
  readonly run: string;
  readonly modes: readonly StorageMode[];
  readonly forms: readonly Form[];
  readonly directory: DataDirectory;
  readonly server: RestartedServer;
  readonly service: FileService;
  readonly wanted: (id: string) => boolean;
}

/** States of the directory: with the older versions only, and with everything. */
const [earlier, written] = ['earlier', 'written'] as const;

/**
 * Starts the server, has it store files, and looks at what it stored; then damages that in many ways and reads what the
 * server gives out.
 *
 * @throws ConformanceError `target` if the target does not say how to run the server, or its directory may not be used;
 * `setup` or `connection` if the server cannot be started or refuses what the run needs.
 */
export async function runAtRest(options: AtRestOptions): Promise<AtRestReport> {
  const { target, profile, serverLog } = options;
  // Also for callers without types: nothing is damaged by a slip.
  if (!(options as Partial<AtRestOptions>).allowDamage)
    throw new ConformanceError('options', 'allowDamage is not set, and the run damages the data directory.');
  const atRest = partOf(target);
  const origin = originOf(target, profile);
  // All that can be wrong of the target comes before anything is made.
  commandOf(atRest, options.environment, '');
  const started = new Date();
  const begun = performance.now();
  const run = Buffer.from(publicRandomBytes(8)).toString('hex');
  const ofOurs = [...atRest.command, ...Object.values(atRest.environment)].some(
    (text) => typeof text === 'string' && text.includes(dataPlaceholder),
  );
  const transport = createTolerantTransport(options.ca, options.idleMs ?? 15_000);
  const keys = { bucket: `conformance-${run.slice(0, 8)}-0`, customerKey: customerKey(run) };
  const service = openFiles(target, profile, options.environment, keys, transport);
  const wanted = (id: string): boolean =>
    (options.filter ?? []).length === 0 || options.filter?.some((text) => id.includes(text)) === true;
  const { modes, forms } = scopeOf(target, profile, wanted);
  const log = serverLog === undefined ? undefined : openSync(serverLog, 'a');
  try {
    await refuseAnswering(origin, transport.send);
    const directory = await openDataDirectory(atRest.dataDirectory, { ofOurs });
    const command = commandOf(atRest, options.environment, directory.path);
    const process = new ServerProcess({ ...command, origin, ...(log !== undefined && { log }) }, transport.send);
    const server = new RestartedServer(process, service);
    try {
      const setting = { options, run, modes, forms, directory, server, service, wanted };
      const results = await resultsOf(setting, keys.customerKey);
      return {
        ...{ format: 1, tier: 'at-rest', target: target.name, profile, run },
        ...{ started: started.toISOString(), milliseconds: Math.round(performance.now() - begun) },
        ...{ starts: server.starts, counts: countVerdicts(results), results: [...results] },
        interrupted: options.signal?.aborted === true,
      };
    } finally {
      await server.stop();
      await directory.close();
    }
  } finally {
    service.close();
    if (log !== undefined) closeSync(log);
  }
}

function partOf({ name, atRest }: Target): AtRest {
  if (atRest !== undefined) return atRest;
  throw new ConformanceError('target', `The target ${name} has no section atRest.`);
}

/** The modes and forms that the wanted checks need; and plain files, which are the control of all others. */
function scopeOf(target: Target, profile: Profile, wanted: (id: string) => boolean) {
  const declared = featuresOf(target);
  const all = modesOf(profile, declared);
  const large = declared.has(profile === 's3' ? 'multipart' : 'large-files');
  const allForms: readonly Form[] = ['file', ...(large ? ['large' as const] : []), 'small'];
  if (wanted('at-rest/blast-radius') || wanted('at-rest/rollback-of-all')) return { modes: all, forms: allForms };
  const damages = damageChecks(all, allForms).filter(({ id }) => wanted(id));
  const looks = contentChecks(all).filter(({ id }) => wanted(id));
  const needed = new Set([...damages, ...looks].map(({ mode }) => mode.id));
  return {
    modes: all.filter(({ id, encrypted }) => !encrypted || needed.has(id)),
    forms: allForms.filter((form) => form === 'file' || looks.length > 0 || damages.some((one) => one.form === form)),
  };
}

function commandOf({ command, environment, stopSignal, readyMs }: AtRest, known: Environment, path: string) {
  const filled = (text: string): string => text.replaceAll(dataPlaceholder, path);
  const own = Object.entries(environment).map(([name, value]) => [name, filled(valueFrom(value, known))]);
  return {
    command: command.map(filled),
    environment: { ...known, ...(Object.fromEntries(own) as Record<string, string>) },
    stopSignal,
    readyMs,
  };
}

async function resultsOf(
  setting: Setting,
  key: { readonly key: string; readonly md5: string },
): Promise<readonly CheckResult[]> {
  const { options, run, modes, forms, directory, server, service, wanted } = setting;
  const before = await writeAll(setting, () => earlierSpecimens(run, modes), earlier);
  const after = await writeAll(
    setting,
    () => specimensOf(run, modes, { minimumPart: service.minimumPart(), large: forms.includes('large') }),
    written,
  );
  const saved = after.saved;
  const files: StoredFile[] = [];
  for (const file of [...before.files, ...after.files]) files.push(await locatedIn(saved, file));
  const complete = before.complete && after.complete;
  const baseline = await readBaseline({ directory, state: written, server, service, files, signal: options.signal });
  const checks = damageChecks(modes, forms).filter(({ id }) => wanted(id));
  const blast = wanted('at-rest/blast-radius');
  const planned = modes.flatMap((mode) =>
    forms.flatMap((form) => planDamages(some(files, mode, form), plainOf(files, form), planOptions(setting))),
  );
  const meant = planned.filter((damage) => checks.some((check) => isOf(check, damage)));
  const isSound = (file: StoredFile) => !baseline.has(file);
  const damages = meant.filter(({ victims }) => victims.every(isSound));
  const done = await tryDamages(damages, {
    ...{ directory, state: written, server, service, files: files.filter(isSound) },
    starts: options.starts ?? 60,
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
  });
  const effective = done.trials.filter(({ outcome }) => outcome === 'detected' || outcome === 'wrong bytes');
  const touched = effective.flatMap(({ of }) => of.victims.map(({ mode }) => mode.id));
  const proven = new Set<string>(plainPlacesHold(files) ? modes.map(({ id }) => id) : touched);
  const looks = contentChecks(modes).filter(({ id }) => wanted(id));
  const contents = looks.length === 0 ? [] : await looksOf(looks, { files, complete, proven, saved, key }, options);
  return [
    ...contents,
    ...checks.map((check) => judgeDamages(check, done, files, baseline)),
    // What went wrong beside the damaged files is told whichever checks are wanted.
    ...[judgeBlastRadius(done, baseline)].filter(({ verdict }) => blast || verdict === 'fail'),
    ...(wanted('at-rest/rollback-of-all') && options.signal?.aborted !== true
      ? [await judgeRollback({ directory, state: earlier, server, service }, before.files, after.files)]
      : []),
  ];
}

function planOptions({ run, options }: Setting) {
  return { run, blockHint: options.target.atRest?.blockHint };
}

async function looksOf(
  looks: ReturnType<typeof contentChecks>,
  {
    files,
    complete,
    proven,
    saved,
    key,
  }: {
    readonly files: readonly StoredFile[];
    readonly complete: boolean;
    readonly proven: ReadonlySet<string>;
    readonly saved: string;
    readonly key: { readonly key: string; readonly md5: string };
  },
  { signal, onProgress }: AtRestOptions,
): Promise<readonly CheckResult[]> {
  onProgress?.('contents are looked for in the directory\n');
  try {
    const search = await searchDirectory(saved, files, key, signal);
    return looks.map((check) => judgeContents(check, { files, complete, search, proven }));
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return looks.map(untold);
  }
}

/** Starts the server, writes files, stops it and saves what it stored. @throws ConformanceError */
async function writeAll(
  { options, directory, server, service }: Setting,
  specimens: () => readonly Specimen[],
  state: string,
): Promise<{ readonly files: readonly StoredFile[]; readonly complete: boolean; readonly saved: string }> {
  const down = await server.start();
  if (down !== undefined) throw new ConformanceError('setup', `${down}.`);
  if (state === earlier) await service.makeBucket();
  const all = specimens();
  options.onProgress?.(`${all.length} files are written\n`);
  const files: StoredFile[] = [];
  for (const specimen of all) {
    if (options.signal?.aborted === true) break;
    files.push(await writeSpecimen(specimen, service, directory.path));
  }
  await server.stop();
  return { files, complete: files.length === all.length, saved: await directory.save(state) };
}

function some(files: readonly StoredFile[], mode: StorageMode, form: Form): readonly StoredFile[] {
  return files.filter((file) => file.mode.id === mode.id && file.form === form);
}

function plainOf(files: readonly StoredFile[], form: Form): readonly StoredFile[] {
  return files.filter((file) => !file.mode.encrypted && file.form === form);
}
