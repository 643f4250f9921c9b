import { xmlElement, type XmlElement } from '@coffer/xml';
import { formatXmlDate, parseIsoDate } from '../values/dates.ts';
import { maxRetentionDays } from '../values/limits.ts';
import { invalidArgument } from '../values/s3-error.ts';
import { childrenOf, expectRoot, integerOf, malformedXml, s3Namespace, textOf } from '../values/xml-reading.ts';

/** How strict a retention is, as the B2 Native API spells it: governance can be bypassed, compliance by nobody. */
export const retentionModes = ['governance', 'compliance'] as const;
/** How strict a retention is. */
export type RetentionMode = (typeof retentionModes)[number];

/** How long a version cannot be deleted; the timestamp is in milliseconds since the epoch. */
export type Retention =
  | { readonly mode: null; readonly retainUntilTimestamp: null }
  | { readonly mode: RetentionMode; readonly retainUntilTimestamp: number };

/** What a bucket applies to new objects that ask for no retention. */
export interface DefaultRetention {
  readonly mode: RetentionMode;
  readonly period: { readonly duration: number; readonly unit: 'days' | 'years' };
}

/** What `ObjectLockConfiguration` says: the lock is on, perhaps with a default. */
export interface ObjectLockConfiguration {
  readonly defaultRetention: DefaultRetention | undefined;
}

/** Whether a legal hold is on. */
export type LegalHold = 'on' | 'off';

/** The mode of an upper-case word of S3, or undefined. */
export function parseRetentionMode(text: string): RetentionMode | undefined {
  return retentionModes.find((mode) => mode.toUpperCase() === text);
}

/**
 * Reads an `ObjectLockConfiguration` (AWS docs `PutObjectLockConfiguration`).
 *
 * @throws S3Error `MalformedXML`, or `InvalidArgument` for a period that is zero or too long.
 */
export function readObjectLock(root: XmlElement): ObjectLockConfiguration {
  expectRoot(root, 'ObjectLockConfiguration');
  const { ObjectLockEnabled: enabled, Rule: rule } = childrenOf(root, ['ObjectLockEnabled', 'Rule']);
  if (enabled === undefined || textOf(enabled) !== 'Enabled') throw malformedXml();
  if (rule === undefined) return { defaultRetention: undefined };
  const { DefaultRetention: retention } = childrenOf(rule, ['DefaultRetention']);
  if (retention === undefined) throw malformedXml();
  return { defaultRetention: readDefault(retention) };
}

function readDefault(element: XmlElement): DefaultRetention {
  const { Mode: modeElement, Days: days, Years: years } = childrenOf(element, ['Mode', 'Days', 'Years']);
  const mode = modeElement === undefined ? undefined : parseRetentionMode(textOf(modeElement));
  const period = days ?? years;
  if (mode === undefined || period === undefined || (days !== undefined && years !== undefined)) throw malformedXml();
  const duration = integerOf(period);
  const unit = days === undefined ? 'years' : 'days';
  if (duration === 0) {
    throw invalidArgument(period.name, 'Default retention period must be a positive integer value.', '0');
  }
  if (duration * (unit === 'years' ? 365 : 1) > maxRetentionDays) {
    throw invalidArgument(period.name, 'Default retention period is too large.', String(duration));
  }
  return { mode, period: { duration, unit } };
}

/** `ObjectLockConfiguration` of a bucket whose lock is on. */
export function objectLockXml({ defaultRetention }: ObjectLockConfiguration): XmlElement {
  const enabled = xmlElement('ObjectLockEnabled', 'Enabled');
  const rules = defaultRetention === undefined ? [] : [xmlElement('Rule', [defaultXml(defaultRetention)])];
  return xmlElement('ObjectLockConfiguration', [enabled, ...rules], [['xmlns', s3Namespace]]);
}

function defaultXml({ mode, period }: DefaultRetention): XmlElement {
  const length = xmlElement(period.unit === 'days' ? 'Days' : 'Years', String(period.duration));
  return xmlElement('DefaultRetention', [xmlElement('Mode', mode.toUpperCase()), length]);
}

/**
 * Reads a `Retention` (AWS docs `PutObjectRetention`); an empty one removes the retention.
 *
 * @throws S3Error `MalformedXML`
 */
export function readRetention(root: XmlElement): Retention {
  expectRoot(root, 'Retention');
  const { Mode: modeElement, RetainUntilDate: until } = childrenOf(root, ['Mode', 'RetainUntilDate']);
  if (modeElement === undefined && until === undefined) return { mode: null, retainUntilTimestamp: null };
  const mode = modeElement === undefined ? undefined : parseRetentionMode(textOf(modeElement));
  const retainUntilTimestamp = until === undefined ? undefined : parseIsoDate(textOf(until));
  if (mode === undefined || retainUntilTimestamp === undefined) throw malformedXml();
  return { mode, retainUntilTimestamp };
}

/** `Retention` of a version that has one. */
export function retentionXml({ mode, retainUntilTimestamp }: Exclude<Retention, { mode: null }>): XmlElement {
  const until = xmlElement('RetainUntilDate', formatXmlDate(retainUntilTimestamp));
  return xmlElement('Retention', [xmlElement('Mode', mode.toUpperCase()), until], [['xmlns', s3Namespace]]);
}

/**
 * Checks that a retention that begins now lasts.
 *
 * @param now Milliseconds since the epoch.
 * @throws S3Error `InvalidArgument`
 */
export function checkRetainUntil(retainUntilTimestamp: number, now: number): void {
  if (retainUntilTimestamp > now) return;
  const name = 'x-amz-object-lock-retain-until-date';
  throw invalidArgument(name, 'The retain until date must be in the future!');
}

/**
 * Reads a `LegalHold` (AWS docs `PutObjectLegalHold`).
 *
 * @throws S3Error `MalformedXML`
 */
export function readLegalHold(root: XmlElement): LegalHold {
  expectRoot(root, 'LegalHold');
  const { Status: status } = childrenOf(root, ['Status']);
  const text = status === undefined ? '' : textOf(status);
  if (text !== 'ON' && text !== 'OFF') throw malformedXml();
  return text === 'ON' ? 'on' : 'off';
}

/** `LegalHold` of a version. */
export function legalHoldXml(hold: LegalHold): XmlElement {
  return xmlElement('LegalHold', [xmlElement('Status', hold.toUpperCase())], [['xmlns', s3Namespace]]);
}
