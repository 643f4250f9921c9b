import fc from 'fast-check';
import { expect } from 'vitest';
import type { ListingRow } from '../src/services/storage.ts';
import { newFile, sampleBytes, uploadTo, type Fixture } from './fixture.ts';

/** What the model knows of a version. */
export interface ModelVersion {
  readonly name: string;
  readonly fileId: string;
  readonly action: string;
}

export interface ModelQuery {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startName?: string;
}

export const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** All rows a listing must give, by the plainest means: newest versions first in `versions`. */
export function fold(
  versions: readonly ModelVersion[],
  { prefix = '', delimiter = '', startName }: ModelQuery,
): string[] {
  const rows: string[] = [];
  for (const { name, fileId } of versions) {
    if (!name.startsWith(prefix) || (startName !== undefined && byBytes(name, startName) < 0)) continue;
    const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    const row = at < 0 ? `${name} ${fileId}` : `folder ${name.slice(0, at + delimiter.length)}`;
    if (rows.at(-1) !== row) rows.push(row);
  }
  return rows;
}

export function currentOnes(versions: readonly ModelVersion[]): ModelVersion[] {
  const seen = new Set<string>();
  return versions.filter(({ name, action }) => {
    if (action === 'start' || seen.has(name)) return false;
    seen.add(name);
    return action === 'upload';
  });
}

export function shown(rows: readonly ListingRow[]): string[] {
  return rows.map((row) =>
    row.kind === 'folder' ? `folder ${row.name}` : `${row.version.name} ${row.version.fileId}`,
  );
}

export type Step = readonly ['upload' | 'hide' | 'hide always' | 'start' | 'delete', string, number];

export const names = fc.stringMatching(/^[ab/é\u{10400}]{1,5}$/u);
export const steps = fc.array(
  fc.tuple(fc.constantFrom('upload', 'upload', 'hide', 'hide always', 'start', 'delete'), names, fc.nat(20)),
  {
    maxLength: 40,
  },
);
export const queries = fc.record(
  { prefix: fc.stringMatching(/^[ab/é]{0,2}$/u), delimiter: fc.constantFrom('/', 'a', 'b/'), startName: names },
  { requiredKeys: [] },
);

/** Does what the steps say, and what the model has after it: name ascending, newest first. */
export async function play(fixture: Fixture, script: readonly Step[]): Promise<ModelVersion[]> {
  const { storage, bucket, clock } = fixture;
  let model: ModelVersion[] = [];
  for (const [step, name, pick] of script) {
    clock.advance(1);
    if (step === 'delete') {
      const victim = model[pick % Math.max(1, model.length)];
      if (victim === undefined) continue;
      await storage.files.deleteVersion({ ...victim, bypassGovernance: false });
      model = model.filter((version) => version !== victim);
      continue;
    }
    const hidden = currentOnes(model).every((version) => version.name !== name);
    if (step === 'hide' && hidden) {
      await expect(storage.files.hide(bucket.bucketId, name)).rejects.toMatchObject({
        code: expect.stringMatching(/^(already_hidden|name_missing)$/) as string,
      });
      continue;
    }
    const version =
      step === 'upload'
        ? await uploadTo(fixture, name, sampleBytes(1))
        : step === 'hide' || step === 'hide always'
          ? await storage.files.hide(bucket.bucketId, name, { evenIfAbsent: step === 'hide always' })
          : await storage.largeFiles.start(newFile(bucket.bucketId, name));
    model = [{ name, fileId: version.fileId, action: version.action }, ...model];
  }
  return model
    .map((version, age) => ({ version, age }))
    .sort((a, b) => byBytes(a.version.name, b.version.name) || a.age - b.age)
    .map(({ version }) => version);
}
