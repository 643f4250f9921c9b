import type { Finding, FindingKind } from '@coffer/storage-core';
import { SecretBytes } from '@coffer/bytes';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TamperScene, type Mode, type Shape } from '../test/tamper-scene.ts';
import { tampersOf, type Tamper } from '../test/tampers.ts';

const modes: readonly Mode[] = ['SSE-B2', 'SSE-C', 'none'];
const shapes: readonly Shape[] = ['inline', 'blob', 'large'];
const matrix = modes.flatMap((mode) => shapes.map((shape) => ({ mode, shape })));

/** What can be wrong with records. */
const recordKinds: readonly FindingKind[] = [
  ...(['undecodable', 'misplaced', 'missing-row', 'contradiction', 'seal', 'global-key', 'file-key'] as const),
];
const lengths = /without its last byte|cut to a chunk|empty|more|the plaintext/;

/** The kinds of which one must be named for what was done. */
function kindsFor({ what }: Tamper, mode: Mode): readonly FindingKind[] {
  if (what === 'blob: gone') return ['blob-missing'];
  if (what.startsWith('blob: ') && lengths.test(what)) return ['blob-length'];
  if (what.startsWith('blob: ') || what.startsWith('parts: blobs of'))
    return [mode === 'none' ? 'checksum' : 'blob-damaged'];
  if (/content(?:Sha1|Md5)/.test(what)) return [...recordKinds, 'checksum'];
  return recordKinds;
}

async function findingsIn(scene: TamperScene): Promise<readonly Finding[]> {
  const customerKeys = [SecretBytes.copyOf(new Uint8Array(32).fill(1))];
  const run = await scene.server.storage.verification.begin({ bucketId: scene.bucketId, customerKeys });
  const findings: Finding[] = [];
  for await (const finding of run.findings()) findings.push(finding);
  return findings;
}

describe.each(matrix)('$mode, $shape: whatever is changed at rest', ({ mode, shape }) => {
  test('is named by a verification, as what it is, with its bucket and version', async () => {
    const scene = await TamperScene.open();
    onTestFinished(() => scene.close());
    const subject = await scene.keep(mode, shape, 'a', 1);
    const other = await scene.keep(mode, shape, 'b', 2);
    expect(await findingsIn(scene)).toEqual([]);
    const failures: string[] = [];
    for (const tamper of tampersOf(subject)) {
      const undo = await tamper.apply(scene, subject, other);
      const findings = await findingsIn(scene);
      await undo();
      // What the format does not cover may go unnoticed here too.
      if (tamper.outcome === 'unnoticed' && findings.length === 0) continue;
      const kinds = kindsFor(tamper, mode);
      const fitting = findings.filter(({ kind, bucketId }) => kinds.includes(kind) && bucketId === scene.bucketId);
      const ids = new Set([subject.version.fileId, other.version.fileId]);
      if (!fitting.some(({ fileId }) => fileId !== null && ids.has(fileId)))
        failures.push(`${tamper.what}: ${findings.map(({ kind, detail }) => `${kind}: ${detail}`).join('; ')}`);
    }
    expect(failures).toEqual([]);
    expect(await findingsIn(scene)).toEqual([]);
  });
});
