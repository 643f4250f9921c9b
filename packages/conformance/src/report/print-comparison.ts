import { printable } from '../wire/printable.ts';
import type { ChangedCase, Comparison, SingleCase } from './compare.ts';

/** The comparison for a terminal: what got worse first, then how many cases did what. */
export function printComparison({ notes, worse, better, otherwise, added, gone, same }: Comparison): string {
  const counts = [
    ...[`${worse.length} worse`, `${better.length} better`, `${otherwise.length} otherwise`],
    ...[`${added.length} new`, `${gone.length} gone`, `${same} as before`],
  ];
  const lines = [
    ...notes.map((note) => `note: ${note}`),
    ...worse.flatMap((change) => changeLines('WORSE', change)),
    ...gone.map(({ id, title, outcome }) => `GONE ${id} (was ${outcome}): ${title}`),
    ...added.flatMap(addedLines),
    ...otherwise.flatMap((change) => changeLines('OTHERWISE', change)),
    ...better.flatMap((change) => changeLines('BETTER', change)),
    counts.join(', '),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function changeLines(word: string, { id, title, before, after, problems }: ChangedCase): readonly string[] {
  return [`${word} ${id} (${before} -> ${after}): ${title}`, ...problems.map((problem) => `  ${problem}`)];
}

function addedLines({ id, title, outcome, problems }: SingleCase): readonly string[] {
  const shown = outcome === 'pass' || outcome === 'skipped' ? [] : problems;
  return [`NEW ${id} (${outcome}): ${title}`, ...shown.map((problem) => `  ${problem}`)];
}
