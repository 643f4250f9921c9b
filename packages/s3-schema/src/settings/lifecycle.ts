import { xmlElement, type XmlElement } from '@coffer/xml';
import { maxLifecycleRules } from '../values/limits.ts';
import { invalidRequest } from '../values/s3-error.ts';
import { allChildren, expectRoot, malformedXml, s3Namespace } from '../values/xml-reading.ts';
import { checkUniqueIds, dayFields, readLifecycleRule, type DayField, type S3LifecycleRule } from './lifecycle-rule.ts';

/**
 * A rule as the B2 Native API has it (B2 docs "Lifecycle Rules"); days are positive, null where the rule does not do
 * that.
 */
export type LifecycleRule = { readonly fileNamePrefix: string } & Readonly<Record<DayField, number | null>>;

/**
 * Reads a `LifecycleConfiguration` (AWS docs `PutBucketLifecycleConfiguration`) into the rules of the B2 Native API:
 * rules with one prefix become one, as the two do that stand for a rule that hides. Removing lone hide markers is not a
 * rule there but happens by itself, so asking for it needs a rule with the same prefix that hides.
 *
 * @throws S3Error `MalformedXML`, `InvalidArgument`, or `InvalidRequest` for what the rules cannot express.
 */
export function readLifecycle(root: XmlElement): readonly LifecycleRule[] {
  expectRoot(root, 'LifecycleConfiguration');
  const elements = allChildren(root, 'Rule');
  if (elements.length === 0 || elements.length < root.children.length || elements.length > maxLifecycleRules) {
    throw malformedXml();
  }
  const rules = elements.map(readLifecycleRule);
  checkUniqueIds(rules);
  const merged = mergeByPrefix(rules);
  checkOverlap([...merged.keys()]);
  return [...merged.values()];
}

function mergeByPrefix(rules: readonly S3LifecycleRule[]): Map<string, LifecycleRule> {
  const merged = new Map<string, LifecycleRule>();
  for (const rule of rules) {
    const before = merged.get(rule.fileNamePrefix);
    merged.set(rule.fileNamePrefix, before === undefined ? withNulls(rule) : merge(before, rule));
  }
  for (const { fileNamePrefix, removesMarkers } of rules) {
    if (removesMarkers && (merged.get(fileNamePrefix)?.daysFromUploadingToHiding ?? null) === null) {
      throw invalidRequest('ExpiredObjectDeleteMarker needs a rule with Expiration Days for the same prefix');
    }
  }
  return merged;
}

function withNulls({ fileNamePrefix, days }: S3LifecycleRule): LifecycleRule {
  return {
    fileNamePrefix,
    daysFromUploadingToHiding: days.daysFromUploadingToHiding ?? null,
    daysFromHidingToDeleting: days.daysFromHidingToDeleting ?? null,
    daysFromStartingToCancelingUnfinishedLargeFiles: days.daysFromStartingToCancelingUnfinishedLargeFiles ?? null,
  };
}

function merge(before: LifecycleRule, { days }: S3LifecycleRule): LifecycleRule {
  if (dayFields.some((field) => before[field] !== null && days[field] !== undefined)) {
    throw invalidRequest('Two lifecycle rules with the same prefix have the same action');
  }
  return { ...before, ...days };
}

function checkOverlap(prefixes: readonly string[]): void {
  // Sorted, a prefix stands directly before a text that begins with it, or before another such.
  const sorted = prefixes.toSorted();
  const at = sorted.findIndex((prefix, index) => sorted[index + 1]?.startsWith(prefix) === true);
  if (at !== -1) throw invalidRequest(`Found overlapping prefixes '${sorted[at] ?? ''}' and '${sorted[at + 1] ?? ''}'`);
}

/**
 * `LifecycleConfiguration` of a bucket. A rule that hides is two rules, as in B2's own answers: what hides, and the
 * removal of hide markers that nothing is left behind.
 */
export function lifecycleXml(rules: readonly LifecycleRule[]): XmlElement {
  const elements = rules.flatMap((rule, index) => rulesXml(rule, `rule-${index + 1}`));
  return xmlElement('LifecycleConfiguration', elements, [['xmlns', s3Namespace]]);
}

function rulesXml(rule: LifecycleRule, id: string): XmlElement[] {
  const { daysFromUploadingToHiding: hide, daysFromHidingToDeleting: remove } = rule;
  const cancel = rule.daysFromStartingToCancelingUnfinishedLargeFiles;
  const days = (name: string, child: string, count: number | null) =>
    count === null ? [] : [xmlElement(name, [xmlElement(child, String(count))])];
  const first = ruleXml(id, rule.fileNamePrefix, [
    ...days('Expiration', 'Days', hide),
    ...days('NoncurrentVersionExpiration', 'NoncurrentDays', remove),
    ...days('AbortIncompleteMultipartUpload', 'DaysAfterInitiation', cancel),
  ]);
  if (hide === null) return [first];
  const markers = xmlElement('Expiration', [xmlElement('ExpiredObjectDeleteMarker', 'true')]);
  return [first, ruleXml(`${id}-markers`, rule.fileNamePrefix, [markers])];
}

function ruleXml(id: string, prefix: string, actions: readonly XmlElement[]): XmlElement {
  const filter = xmlElement('Filter', [xmlElement('Prefix', prefix)]);
  return xmlElement('Rule', [xmlElement('ID', id), filter, xmlElement('Status', 'Enabled'), ...actions]);
}
