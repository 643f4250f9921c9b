import { xmlElement, type XmlElement } from '@coffer/xml';
import { maxCorsAgeSeconds, maxCorsRules, maxRuleIdLength } from '../values/limits.ts';
import { invalidRequest } from '../values/s3-error.ts';
import { allChildren, expectRoot, integerOf, malformedXml, s3Namespace, textOf } from '../values/xml-reading.ts';

/** Methods that a rule can allow, and the operation that each is in a rule of the B2 Native API. */
export const corsMethods = {
  GET: 's3_get',
  PUT: 's3_put',
  POST: 's3_post',
  DELETE: 's3_delete',
  HEAD: 's3_head',
} as const;
/** A method that a rule can allow. */
export type CorsMethod = keyof typeof corsMethods;

/** One rule of a bucket (AWS docs `PutBucketCors`). */
export interface CorsRule {
  readonly id?: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly CorsMethod[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

const ruleElements = ['ID', 'AllowedOrigin', 'AllowedMethod', 'AllowedHeader', 'ExposeHeader', 'MaxAgeSeconds'];

/**
 * Reads a `CORSConfiguration`.
 *
 * @throws S3Error `MalformedXML`, or `InvalidRequest` for a method, wildcard or age that is not allowed.
 */
export function readCors(root: XmlElement): readonly CorsRule[] {
  expectRoot(root, 'CORSConfiguration');
  const rules = allChildren(root, 'CORSRule');
  if (rules.length === 0 || rules.length < root.children.length) throw malformedXml();
  if (rules.length > maxCorsRules) {
    throw invalidRequest(`The number of CORS rules should not exceed allowed limit of ${maxCorsRules} rules.`);
  }
  return rules.map(readRule);
}

function readRule(rule: XmlElement): CorsRule {
  if (rule.children.some(({ name }) => !ruleElements.includes(name))) throw malformedXml();
  const texts = (name: string) => allChildren(rule, name).map(textOf);
  const id = optional(rule, 'ID');
  const age = optional(rule, 'MaxAgeSeconds');
  if (id !== undefined && textOf(id).length > maxRuleIdLength) throw malformedXml();
  const read = {
    ...(id === undefined ? {} : { id: textOf(id) }),
    allowedOrigins: texts('AllowedOrigin').map((origin) => oneWildcard('AllowedOrigin', origin)),
    allowedMethods: texts('AllowedMethod').map(readMethod),
    allowedHeaders: texts('AllowedHeader').map((header) => oneWildcard('AllowedHeader', header)),
    exposeHeaders: texts('ExposeHeader').map(withoutWildcard),
    ...(age === undefined ? {} : { maxAgeSeconds: readAge(age) }),
  };
  if (read.allowedOrigins.length === 0 || read.allowedMethods.length === 0) throw malformedXml();
  return read;
}

function optional(rule: XmlElement, name: string): XmlElement | undefined {
  const [found, ...more] = allChildren(rule, name);
  if (more.length > 0) throw malformedXml();
  return found;
}

function readMethod(text: string): CorsMethod {
  if (Object.hasOwn(corsMethods, text)) return text as CorsMethod;
  throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${text}`);
}

function oneWildcard(name: string, text: string): string {
  if (text === '') throw malformedXml();
  if (text.split('*').length <= 2) return text;
  throw invalidRequest(`${name} "${text}" can not have more than one wildcard.`);
}

function withoutWildcard(text: string): string {
  if (text === '') throw malformedXml();
  if (!text.includes('*')) return text;
  throw invalidRequest(
    `ExposeHeader "${text}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
  );
}

function readAge(element: XmlElement): number {
  const seconds = integerOf(element);
  if (seconds <= maxCorsAgeSeconds) return seconds;
  throw invalidRequest(`MaxAgeSeconds must be at most ${maxCorsAgeSeconds}`);
}

/** `CORSConfiguration` of a bucket. */
export function corsXml(rules: readonly CorsRule[]): XmlElement {
  return xmlElement('CORSConfiguration', rules.map(ruleXml), [['xmlns', s3Namespace]]);
}

function ruleXml(rule: CorsRule): XmlElement {
  const list = (name: string, texts: readonly string[]) => texts.map((text) => xmlElement(name, text));
  return xmlElement('CORSRule', [
    ...list('ID', rule.id === undefined ? [] : [rule.id]),
    ...list('AllowedHeader', rule.allowedHeaders),
    ...list('AllowedMethod', rule.allowedMethods),
    ...list('AllowedOrigin', rule.allowedOrigins),
    ...list('ExposeHeader', rule.exposeHeaders),
    ...list('MaxAgeSeconds', rule.maxAgeSeconds === undefined ? [] : [String(rule.maxAgeSeconds)]),
  ]);
}
