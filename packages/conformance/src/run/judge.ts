import { contentBytes, sizeInBytes } from '../model/content.ts';
import { customerKey, customerKeyNames } from '../model/customer-key.ts';
import type { ExpectedBody, Expectation, Value } from '../model/expectation.ts';
import type { Answer, Found } from '../wire/answer.ts';
import { printable } from '../wire/printable.ts';
import { textsOf } from '../wire/readings.ts';
import { searchedTexts, SecretPattern } from '../wire/secret-pattern.ts';
import type { Scope } from './scope.ts';

/** How an answer differs from what was expected: a printable sentence each; none if it does not. */
export function judge(answer: Answer, expected: Expectation, scope: Scope): readonly string[] {
  return problemsOf(answer, expected, scope).map(printable);
}

function problemsOf(answer: Answer, expected: Expectation, scope: Scope): readonly string[] {
  if (answer.status === 0) return expected.orClosed === true ? [] : ['the connection was closed without an answer'];
  const status = statusProblem(answer, expected);
  // With another status, the rest of the answer is about something else.
  if (status !== undefined) return [status, ...leakedKeys(answer)];
  const wrongBody =
    expected.body === undefined || !answer.ok ? [] : bodyProblems(answer.body, expected.body, scope.run.minimumPart);
  const hasWrittenBody = expected.body !== undefined && answer.ok && wrongBody.length === 0;
  return [
    ...codeProblems(answer, expected),
    ...valueProblems('header', expected.headers, (name) => answer.headers.get(name), scope),
    ...valueProblems('JSON field', expected.json, (path) => answer.json(path), scope),
    ...valueProblems('XML element', expected.xml, (path) => answer.xml(path), scope),
    ...wrongBody,
    ...leakedKeys(answer, hasWrittenBody),
  ];
}

function statusProblem({ status, ok, code }: Answer, expected: Expectation): string | undefined {
  const wanted = expected.status;
  if (wanted === undefined ? ok : [wanted].flat().includes(status)) return undefined;
  return `status is ${status}${code === undefined ? '' : ` (${code})`}, expected ${list(wanted ?? 'a success')}`;
}

function codeProblems({ code }: Answer, expected: Expectation): readonly string[] {
  if (expected.code === undefined || [expected.code].flat().includes(code ?? '')) return [];
  return [`error code is ${code ?? 'missing'}, expected ${list(expected.code)}`];
}

function valueProblems(
  what: string,
  expected: Readonly<Record<string, Value>> | undefined,
  find: (name: string) => Found,
  scope: Scope,
): readonly string[] {
  return Object.entries(expected ?? {}).flatMap(([name, value]) => {
    const found = find(name);
    return isAsExpected(found, value, scope)
      ? []
      : [`${what} ${name} is ${shown(found)}, expected ${wish(value, scope)}`];
  });
}

function isAsExpected(found: Found, value: Value, scope: Scope): boolean {
  if (typeof value === 'string') return found === scope.text(value) || found === scope.json(value);
  if (typeof value !== 'object' || value === null) return found === value;
  if ('absent' in value) return found === undefined;
  if ('shape' in value) return found !== undefined && new RegExp(`^(?:${value.shape})$`, 'su').test(String(found));
  if ('oneOf' in value) return value.oneOf.some((one) => (typeof one === 'string' ? scope.text(one) : one) === found);
  return found !== undefined && found !== scope.text(value.not);
}

function bodyProblems(body: Uint8Array, { content, from, to }: ExpectedBody, minimumPart: number): readonly string[] {
  const whole = contentBytes(content, minimumPart);
  const first = from === undefined ? 0 : sizeInBytes(from, minimumPart);
  const end = to === undefined ? whole.length : sizeInBytes(to, minimumPart) + 1;
  const wanted = whole.subarray(first, end);
  if (body.length !== wanted.length) return [`body has ${body.length} bytes, expected ${wanted.length}`];
  if (Buffer.compare(body, wanted) === 0) return [];
  const at = body.findIndex((byte, index) => byte !== wanted[index]);
  return [`body differs from what was written, first at byte ${at} of ${wanted.length}`];
}

const keyPatterns = customerKeyNames.map((name) => ({ name, pattern: new SecretPattern(customerKey(name).key) }));

/** Bytes of a body that are searched in all ways, which takes some 0.3 s; behind them only the key as it is sent. */
const mostSearched = 1024 * 1024;

/**
 * Of every answer whatsoever: a customer key never comes back, in any of the ways of {@link SecretPattern}.
 *
 * @param hasWrittenBody The body is what was written, in which there is no key.
 */
function leakedKeys({ headers, body }: Answer, hasWrittenBody = false): readonly string[] {
  const whole = hasWrittenBody ? Buffer.alloc(0) : Buffer.from(body.buffer, body.byteOffset, body.length);
  const begin = whole.subarray(0, mostSearched).toString('latin1');
  const texts = searchedTexts(textsOf([...[...headers].flat(), begin].join('\n')));
  return keyPatterns
    .filter(({ name, pattern }) => pattern.isIn(texts) || whole.includes(customerKey(name).key))
    .map(({ name }) => `the answer contains customer key ${name}`);
}

function wish(value: Value, scope: Scope): string {
  if (typeof value === 'string') return shown(scope.text(value));
  if (typeof value !== 'object' || value === null) return shown(value);
  if ('absent' in value) return 'none';
  if ('shape' in value) return `something like /${value.shape}/`;
  return 'oneOf' in value ? list(value.oneOf.map(shown)) : `another than ${shown(scope.text(value.not))}`;
}

function shown(found: Found): string {
  return found === undefined ? 'missing' : JSON.stringify(found);
}

function list(values: string | number | readonly (string | number)[]): string {
  return [values].flat().join(' or ');
}
