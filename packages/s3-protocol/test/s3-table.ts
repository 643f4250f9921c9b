import {
  isSupportedName,
  s3Headers,
  s3OperationNames,
  s3Operations,
  type OperationRow,
  type S3OperationName,
  type SupportedRow,
} from '@coffer/s3-schema';
import { headerNotes } from './header-notes.ts';
import { operationNotes } from './operation-notes.ts';

/** The tables of `docs/s3.md`: every operation and every header, from the rows. */
export function s3Tables(): { readonly operations: string; readonly headers: string } {
  return {
    operations: table(['operation', 'request', 'capability', 'here'], s3OperationNames.map(operationCells)),
    headers: table(
      ['header', 'here'],
      (Object.keys(s3Headers) as (keyof typeof s3Headers)[]).map((name) => [
        `\`${s3Headers[name]}\``,
        headerNotes[name],
      ]),
    ),
  };
}

function operationCells(name: S3OperationName): readonly string[] {
  const row: OperationRow = s3Operations[name];
  const request = `\`${row.methods.join('`, `')} ${addressOf(row)}\``;
  if (!row.isSupported) return [`\`${name}\``, request, '', `refused: \`${row.error}\``];
  return [`\`${name}\``, request, capabilityOf(row), isSupportedName(name) ? operationNotes[name] : ''];
}

function addressOf({ level, selectedBy }: OperationRow): string {
  const place = { service: '/', bucket: '/BUCKET', object: '/BUCKET/KEY' }[level];
  const { query = [], queryValue, header } = selectedBy;
  const parameters = [...query, ...(queryValue === undefined ? [] : [queryValue.join('=')])];
  const target = parameters.length === 0 ? place : `${place}?${parameters.join('&')}`;
  return header === undefined ? target : `${target} with ${header}`;
}

function capabilityOf({ capability, isOpenInPublicBucket }: SupportedRow): string {
  const { anyOf, instead, besides = [], source } = capability;
  const named = (text: string) => `\`${text}\``;
  const given = (rule: (typeof besides)[number]['given']) => named('query' in rule ? rule.query : rule.header);
  const parts = [
    anyOf.map(named).join(' or '),
    ...(instead === undefined ? [] : [`with ${given(instead.given)}: ${named(instead.capability)}`]),
    ...besides.map((rule) => `with ${given(rule.given)} also ${named(rule.capability)}`),
    ...(source === undefined ? [] : [`for the source ${named(source)}`]),
    ...(isOpenInPublicBucket ? ['none in a public bucket'] : []),
  ];
  return parts.join('; ');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}
