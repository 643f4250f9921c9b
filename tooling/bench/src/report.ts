import type { Machine } from './machine.ts';

/** A column of figures under a heading. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** One figure divided by another of the same run, which is what can be compared between machines. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** What Coffer aims at; null where the figure only informs. */
  readonly aim: { readonly atLeast: number } | { readonly atMost: number } | null;
}

export interface BenchmarkResult {
  readonly tables: readonly Table[];
  readonly ratios: readonly Ratio[];
  /** What a reader has to know to judge the figures. */
  readonly notes: readonly string[];
}

/** What a run prints and writes as JSON. */
export interface Report extends BenchmarkResult {
  readonly benchmark: string;
  readonly machine: Machine;
  /** Versions by name, Node's own included. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The report for a person to read. */
export function renderReport({ benchmark, machine, versions, tables, ratios, notes }: Report): string {
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const sections = [
    `${benchmark}\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}; load ` +
      `${machine.load}\n${versionList.join(', ')}`,
    ...tables.map(renderTable),
  ];
  if (ratios.length > 0) sections.push(renderTable(ratioTable(ratios)));
  if (notes.length > 0) sections.push(notes.map(wrapped).join('\n'));
  return `${sections.join('\n\n')}\n`;
}

const lineLength = 118;

/** A note in lines that fit into a terminal. */
function wrapped(note: string): string {
  const lines = [''];
  for (const word of note.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= lineLength) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

function ratioTable(ratios: readonly Ratio[]): Table {
  const rows = ratios.map(({ name, value, aim }) => [name, value.toFixed(2), aimText(aim), verdict(value, aim)]);
  return { title: 'Ratios', columns: ['', 'ratio', 'aim', ''], rows };
}

function aimText(aim: Ratio['aim']): string {
  if (aim === null) return '';
  return 'atLeast' in aim ? `>= ${aim.atLeast}` : `<= ${aim.atMost}`;
}

function verdict(value: number, aim: Ratio['aim']): string {
  if (aim === null) return '';
  const met = 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
  return met ? 'met' : 'not met';
}

/** Text to the left, figures to the right. */
function renderTable({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines].join('\n');
}
