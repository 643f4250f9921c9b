import { defaultInWords, environmentName, flagName } from '../config/setting-names.ts';
import { configKeys, settings, type ConfigKey } from '../config/settings.ts';

type Row = readonly string[];

const head: Row = ['flag', 'environment', 'what it is', 'default'];

/** Flags of `coffer serve` that are no settings. */
const otherFlags: readonly Row[] = [
  ['`--config FILE`', '`COFFER_CONFIG`', 'JSON file of settings', 'none'],
  [
    '`--new-store`',
    '',
    'only for `serve`: begin a new store in an empty data directory, though the keyring serves another; never ' +
      'touches blobs',
    'off',
  ],
];

/** The README's table of settings, laid out as prettier does it. */
export function settingsTable(): string {
  const rows = [head, ...configKeys.map(rowOf), ...otherFlags];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: Row): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const [first, ...others] = rows.map(line);
  return `${first ?? ''}${line(widths.map((width) => '-'.repeat(width)))}${others.join('')}`;
}

function rowOf(key: ConfigKey): Row {
  const { value, description, isSecret } = settings[key];
  const flag = value === undefined ? flagName(key) : `${flagName(key)} ${value}`;
  return [isSecret ? '' : code(flag), code(environmentName(key)), prose(description), prose(defaultInWords(key))];
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** What markdown would take for HTML, and names of flags and headers, are code. */
function prose(text: string): string {
  return text.replaceAll(/<[a-z]+>[^\s,;]*|--[a-z-]+|X-Bz-[A-Za-z-]+/g, code);
}
