import type { Finding, VerificationCounts, VerificationRun } from '@coffer/storage-core';

/** One line for a finding: its kind, bucket, file name and version, and what it is. Names are quoted as in JSON. */
export function findingLine({ kind, bucketName, bucketId, name, fileId, partNumber, detail }: Finding): string {
  const bucket = bucketName ?? bucketId;
  const place = [
    ...(bucket === null ? [] : [bucket]),
    ...(name === null ? [] : [JSON.stringify(name)]),
    ...(fileId === null ? [] : [fileId]),
    ...(partNumber === null || partNumber === 0 ? [] : [`part ${partNumber}`]),
  ];
  return [kind.padEnd(14), ...place, `(${detail})`].join(' ');
}

/** The summary of a run, in sentences. */
export function verificationSummary(counts: VerificationCounts, isWhole: boolean): string {
  const { rows, blobs, bytes, withoutKey, unsettled, damaged, orphans } = counts;
  const sentences = [
    damaged === 0 ? 'Nothing is damaged' : `${things(damaged, 'thing')} damaged`,
    `${things(rows, 'row')} and ${things(blobs, 'blob')} (${amount(bytes)}) were checked`,
    ...(withoutKey > 0
      ? [
          `of ${things(withoutKey, 'SSE-C blob')} only presence and form were checked, for lack of the customer's ` +
            'key (--customer-key-file)',
        ]
      : []),
    ...(orphans > 0 ? [`${things(orphans, 'blob')} that nothing names: of uploads under way, or left over`] : []),
    ...(unsettled > 0 ? [`${things(unsettled, 'row')} kept changing while they were checked`] : []),
    ...(isWhole ? [] : ['stopped before the end']),
  ];
  return `${sentences.join('; ')}.`;
}

/** How far a run has come, for a line of a terminal that is overwritten again and again. */
export function progressLine({ counts, stage, share }: Pick<VerificationRun, 'counts' | 'stage' | 'share'>): string {
  const facts = `${stage.name}, ${amount(counts.bytes)} read, ${counts.damaged} damaged`;
  return share === null ? `${things(counts.rows, 'row')}: ${facts}` : `${barOf(share)} ${facts}`;
}

function barOf(share: number): string {
  const width = 24;
  const filled = Math.floor(share * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]${`${Math.floor(share * 100)}%`.padStart(4)}`;
}

/** Bytes in the largest decimal unit that gives at least 1. */
export function amount(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}

function things(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
