import type { XmlElement } from '@coffer/xml';
import { maxRuleIdLength } from '../values/limits.ts';
import { invalidArgument, invalidRequest } from '../values/s3-error.ts';
import { booleanOf, childrenOf, integerOf, malformedXml, textOf, verbatimTextOf } from '../values/xml-reading.ts';

/** The numbers of days of a rule of the B2 Native API. */
export const dayFields = [
  'daysFromUploadingToHiding',
  'daysFromHidingToDeleting',
  'daysFromStartingToCancelingUnfinishedLargeFiles',
] as const;
/** The name of one of them. */
export type DayField = (typeof dayFields)[number];

/** One `Rule` of a configuration. */
export interface S3LifecycleRule {
  readonly id: string | undefined;
  readonly fileNamePrefix: string;
  readonly days: Readonly<Partial<Record<DayField, number>>>;
  /** Whether it asks for the removal of hide markers that nothing is left behind. */
  readonly removesMarkers: boolean;
}

const ruleElements = [
  'ID',
  'Filter',
  'Prefix',
  'Status',
  'Expiration',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
] as const;

/** What AWS has besides, and the rules of the B2 Native API cannot express. */
const unsupported: readonly string[] = [
  'Transition',
  'NoncurrentVersionTransition',
  'Date',
  'NewerNoncurrentVersions',
  'And',
  'Tag',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
];

/** Reads one rule. See `readLifecycle` for the errors. */
export function readLifecycleRule(rule: XmlElement): S3LifecycleRule {
  refuseUnsupported(rule);
  const found = childrenOf(rule, ruleElements);
  checkStatus(found.Status);
  const expiration = found.Expiration === undefined ? {} : readExpiration(found.Expiration);
  const days = {
    ...(expiration.days === undefined ? {} : { daysFromUploadingToHiding: expiration.days }),
    ...readDays(found.NoncurrentVersionExpiration, 'NoncurrentDays', 'daysFromHidingToDeleting'),
    ...readDays(
      found.AbortIncompleteMultipartUpload,
      'DaysAfterInitiation',
      'daysFromStartingToCancelingUnfinishedLargeFiles',
    ),
  };
  const removesMarkers = expiration.removesMarkers === true;
  if (Object.keys(days).length === 0 && !removesMarkers) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  return { id: readId(found.ID), fileNamePrefix: readPrefix(found.Filter, found.Prefix), days, removesMarkers };
}

function refuseUnsupported(rule: XmlElement): void {
  const elements = [...rule.children, ...rule.children.flatMap(({ children }) => children)];
  const name = elements.find((element) => unsupported.includes(element.name))?.name;
  if (name !== undefined) throw invalidRequest(`${name} is not supported in a lifecycle rule`);
}

function checkStatus(status: XmlElement | undefined): void {
  const text = status === undefined ? '' : textOf(status);
  if (text === 'Disabled') throw invalidRequest('A lifecycle rule cannot be disabled; leave it out instead');
  if (text !== 'Enabled') throw malformedXml();
}

function readId(element: XmlElement | undefined): string | undefined {
  const id = element === undefined ? undefined : textOf(element);
  if (id !== undefined && id.length > maxRuleIdLength) {
    throw invalidArgument('ID', `ID length should not exceed allowed limit of ${maxRuleIdLength}`, id);
  }
  return id;
}

/** The prefix stands in the filter, or, in older clients, in the rule; an empty filter is for all objects. */
function readPrefix(filter: XmlElement | undefined, prefix: XmlElement | undefined): string {
  if ((filter === undefined) === (prefix === undefined)) throw malformedXml();
  const element = filter === undefined ? prefix : childrenOf(filter, ['Prefix']).Prefix;
  return element === undefined ? '' : verbatimTextOf(element);
}

function readExpiration(element: XmlElement): { days?: number; removesMarkers?: boolean } {
  const { Days: days, ExpiredObjectDeleteMarker: marker } = childrenOf(element, ['Days', 'ExpiredObjectDeleteMarker']);
  if ((days === undefined) === (marker === undefined)) throw malformedXml();
  return marker === undefined ? { days: positiveDays(days) } : { removesMarkers: booleanOf(marker) };
}

function readDays(element: XmlElement | undefined, child: string, field: DayField): Partial<Record<DayField, number>> {
  return element === undefined ? {} : { [field]: positiveDays(childrenOf(element, [child])[child]) };
}

function positiveDays(element: XmlElement | undefined): number {
  if (element === undefined) throw malformedXml();
  const days = integerOf(element);
  if (days > 0 && days < 2 ** 31) return days;
  throw invalidArgument(
    element.name,
    `'${element.name}' for a lifecycle action must be a positive integer`,
    String(days),
  );
}

/** Refuses two rules with one name. */
export function checkUniqueIds(rules: readonly S3LifecycleRule[]): void {
  const ids = rules.flatMap(({ id }) => (id === undefined || id === '' ? [] : [id]));
  if (new Set(ids).size < ids.length) {
    throw invalidArgument('ID', 'Rule ID must be unique. Found same ID for more than one rule');
  }
}
