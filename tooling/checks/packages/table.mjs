// Prints the table of packages.
const kilobytes = (bytes) => (bytes === undefined ? '' : `${(bytes / 1000).toFixed(1)}`);

const columns = [
  ['package', ({ specifier }) => specifier],
  ['deps', ({ dependencies }) => dependencies ?? ''],
  ['peers', ({ peers = [] }) => peers.join(' ')],
  ['own kB', ({ size }) => kilobytes(size)],
  ['with deps kB', ({ installedSize }) => kilobytes(installedSize)],
  ['bundle kB', ({ bundle }) => kilobytes(bundle?.bytes)],
  ['gzip kB', ({ bundle }) => kilobytes(bundle?.compressed)],
  ['one import', (row) => (row.one === undefined ? '' : row.import)],
  ['kB', ({ one }) => kilobytes(one?.bytes)],
  ['runtimes', ({ runtimes }) => runtimes.join(', ')],
];

export function printTable(rows) {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => String(cell(row))))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}
