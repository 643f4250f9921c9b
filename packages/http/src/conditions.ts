import { HeaderList, type HeaderSource } from './header-list.ts';
import { parseHttpDate } from './parse-http-date.ts';

/** What is known of the selected representation (RFC 9110 section 8.8). */
export interface Validators {
  /** An entity tag in its wire form, quotes included: `"x"`, or `W/"x"` for a weak one. */
  readonly etag?: string | undefined;
  /** Milliseconds since the epoch; compared in whole seconds, as the headers have no finer ones. */
  readonly lastModified?: number | undefined;
}

/** `proceed`: perform the method; otherwise answer 304 or 412. */
export type ConditionOutcome = 'proceed' | 'not_modified' | 'precondition_failed';

const entityTag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;
const entityTags = /[ \t]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")?[ \t]*(?:,|$)/y;

/**
 * Evaluates `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since` in the order of RFC 9110 section
 * 13.2.2. An invalid date is ignored; an invalid list of entity tags matches nothing.
 *
 * @param current The representation's validators; undefined if there is no representation.
 *
 * @example
 * ```ts
 * const request = { method: 'GET', headers: new Headers({ 'If-None-Match': '"a"' }) };
 * assert.equal(evaluateConditions(request, { etag: '"a"' }), 'not_modified');
 * ```
 */
export function evaluateConditions(
  request: { readonly method: string; readonly headers: HeaderSource },
  current: Validators | undefined,
): ConditionOutcome {
  const headers = HeaderList.from(request.headers);
  return lostUpdateConditionsHold(headers, current)
    ? evaluateCacheConditions({ method: request.method, headers }, current)
    : 'precondition_failed';
}

function lostUpdateConditionsHold(headers: HeaderList, current: Validators | undefined): boolean {
  const match = headers.getAll('if-match');
  if (match.length > 0) return matches(match, current, strongMatch);
  const unmodifiedSince = dateOf(headers, 'if-unmodified-since');
  const modified = wholeSeconds(current?.lastModified);
  return unmodifiedSince === undefined || modified === undefined || modified <= unmodifiedSince;
}

function evaluateCacheConditions(
  { method, headers }: { readonly method: string; readonly headers: HeaderList },
  current: Validators | undefined,
): ConditionOutcome {
  const reads = method === 'GET' || method === 'HEAD';
  const noneMatch = headers.getAll('if-none-match');
  if (noneMatch.length > 0) {
    if (!matches(noneMatch, current, weakMatch)) return 'proceed';
    return reads ? 'not_modified' : 'precondition_failed';
  }
  const modifiedSince = reads ? dateOf(headers, 'if-modified-since') : undefined;
  const modified = wholeSeconds(current?.lastModified);
  return modifiedSince !== undefined && modified !== undefined && modified <= modifiedSince
    ? 'not_modified'
    : 'proceed';
}

/**
 * Whether a `Range` header may be honoured, as far as `If-Range` is concerned (RFC 9110 section 13.1.5): always without
 * an `If-Range` header, otherwise only if it names exactly the current representation by a strong entity tag or its
 * modification date. The date counts as a strong validator, so use it only for representations that do not change twice
 * within a second.
 */
export function ifRangeHolds(source: HeaderSource, current: Validators): boolean {
  const headers = HeaderList.from(source);
  const [condition, ...more] = headers.getAll('if-range');
  if (condition === undefined) return true;
  if (more.length > 0) return false;
  if (entityTag.test(condition)) return current.etag !== undefined && strongMatch(condition, current.etag);
  const date = parseHttpDate(condition);
  return date !== undefined && date === wholeSeconds(current.lastModified);
}

function matches(
  lines: readonly string[],
  current: Validators | undefined,
  same: (a: string, b: string) => boolean,
): boolean {
  if (current === undefined) return false;
  const list = lines.join(',').trim();
  if (list === '*') return true;
  const { etag } = current;
  return etag !== undefined && parseEntityTags(list).some((tag) => same(tag, etag));
}

/** The tags of a list (RFC 9110 sections 5.6.1 and 8.8.3), none if it is malformed; a tag may contain a comma. */
function parseEntityTags(list: string): readonly string[] {
  const tags: string[] = [];
  entityTags.lastIndex = 0;
  while (entityTags.lastIndex < list.length) {
    const element = entityTags.exec(list);
    if (element === null) return [];
    if (element[1] !== undefined) tags.push(element[1]);
  }
  return tags;
}

function strongMatch(a: string, b: string): boolean {
  return a === b && !a.startsWith('W/');
}

function weakMatch(a: string, b: string): boolean {
  return a.replace(/^W\//, '') === b.replace(/^W\//, '');
}

function dateOf(headers: HeaderList, name: string): number | undefined {
  const [text, ...more] = headers.getAll(name);
  return text === undefined || more.length > 0 ? undefined : parseHttpDate(text);
}

function wholeSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1000) * 1000;
}
