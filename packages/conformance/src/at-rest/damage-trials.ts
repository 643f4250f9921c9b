import type { DataDirectory } from './data-directory.ts';
import type { Trial } from './at-rest-report.ts';
import { applyDamage, type Damage } from './damage.ts';
import type { FileService } from './file-service.ts';
import { readBack, readOnce } from './read-back.ts';
import type { RestartedServer } from './restarted-server.ts';
import { isKept, type StoredFile } from './stored-file.ts';

/** A damage, and what came of it for one of its victims. */
export interface DamageTrial extends Trial {
  readonly of: Damage;
}

/** What the damages of a run showed. */
export interface TrialsDone {
  readonly trials: readonly DamageTrial[];
  /** A sentence for each file that suffered from damage to others. */
  readonly harmed: readonly string[];
  /** For which neither time nor starts were left. */
  readonly notTried: readonly Damage[];
  /** How many undamaged files were read. */
  readonly witnessed: number;
}

export interface TrialsSetting {
  readonly directory: DataDirectory;
  /** Name of the state in which nothing is damaged. */
  readonly state: string;
  readonly server: RestartedServer;
  readonly service: FileService;
  readonly files: readonly StoredFile[];
  /** How often the server may be started for it. */
  readonly starts: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (said: string) => void;
}

/** Of the files that are not damaged, this share is read after each start; witnesses are in any case. */
const everyNth = 4;

/** Does all damages, many at a time, each to files of its own, and reads what the server then gives out. */
export async function tryDamages(damages: readonly Damage[], setting: TrialsSetting): Promise<TrialsDone> {
  const { starts, signal, onProgress } = setting;
  const queue = batchesOf(damages);
  const done = { trials: [] as DamageTrial[], harmed: [] as string[], notTried: [] as Damage[], witnessed: 0 };
  for (let started = 0; ; started++) {
    const batch = queue.shift();
    if (batch === undefined) return done;
    if (started >= starts || signal?.aborted === true) {
      done.notTried.push(...batch);
      continue;
    }
    onProgress?.(`${batch.length} damages, ${queue.length} further starts\n`);
    const tried = await tryBatch(batch, setting, started);
    if (!('down' in tried)) {
      done.trials.push(...tried.trials);
      done.harmed.push(...tried.harmed);
      done.witnessed += tried.witnessed;
    } else if (batch.length === 1) done.trials.push(...batch.flatMap((of) => downTrials(of, tried.down)));
    // Whichever of them it is: halves of halves find it.
    else queue.push(batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1));
  }
}

interface BatchDone {
  readonly trials: readonly DamageTrial[];
  readonly harmed: readonly string[];
  readonly witnessed: number;
}

async function tryBatch(
  batch: readonly Damage[],
  setting: TrialsSetting,
  turn: number,
): Promise<BatchDone | { down: string }> {
  const { directory, state, server } = setting;
  await directory.restore(state);
  for (const damage of batch) await applyDamage(directory.path, damage);
  const down = await server.start();
  if (down !== undefined) return { down };
  try {
    return await readAll(batch, setting, turn);
  } finally {
    await server.stop();
  }
}

async function readAll(
  batch: readonly Damage[],
  setting: TrialsSetting,
  turn: number,
): Promise<BatchDone | { down: string }> {
  const { server, service, files } = setting;
  const trials: DamageTrial[] = [];
  for (const of of batch)
    for (const file of of.victims) {
      const { outcome, detail } = await readBack(service, file, of.around ?? 0.5);
      if (outcome === 'down' || !server.running) return { down: `${detail} (reading ${file.name})` };
      trials.push({ of, damage: of.title, file: file.name, outcome, detail });
    }
  const damaged = new Set(batch.flatMap(({ victims }) => victims.map(fileKey)));
  const sound = files.filter((file) => !damaged.has(fileKey(file)) && isKept(file, files));
  const others = sound.filter(({ role }, index) => role === 'witness' || index % everyNth === turn % everyNth);
  const harmed: string[] = [];
  for (const file of others) {
    const { outcome, detail } = await readOnce(service, file);
    if (outcome === 'down' || !server.running) return { down: `${detail} (reading ${file.name}, not damaged)` };
    if (outcome !== 'unharmed') harmed.push(`${file.name}, which was not damaged: ${outcome}, ${detail}`);
  }
  return { trials, harmed, witnessed: others.length };
}

function downTrials(of: Damage, detail: string): readonly DamageTrial[] {
  return of.victims.map((file) => ({ of, damage: of.title, file: file.name, outcome: 'down', detail }));
}

/** What tells the versions of one name apart, too. */
function fileKey({ name, role }: StoredFile): string {
  return `${role} ${name}`;
}

/** Damages of one batch have no file in common. */
function batchesOf(damages: readonly Damage[]): Damage[][] {
  const batches: { readonly damages: Damage[]; readonly taken: Set<string> }[] = [];
  for (const damage of damages) {
    const keys = damage.victims.map(fileKey);
    let batch = batches.find(({ taken }) => keys.every((key) => !taken.has(key)));
    if (batch === undefined) batches.push((batch = { damages: [], taken: new Set() }));
    batch.damages.push(damage);
    for (const key of keys) batch.taken.add(key);
  }
  return batches.map(({ damages: ofBatch }) => ofBatch);
}
