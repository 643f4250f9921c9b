import type { WireAnswer, WireRequest } from './transport.ts';

/** Headers that hold a secret. The MD5 of a customer key is none: it says which key was meant. */
const secretHeader = /authorization|security-token|customer-key$|signature|cookie|secret/;
/** Parameters of a query, in lower case. The credential names the account's key. */
const secretParameters: ReadonlySet<string> = new Set([
  ...['x-amz-signature', 'x-amz-credential', 'x-amz-security-token'],
  ...['signature', 'awsaccesskeyid', 'authorization', 'b2authorization'],
]);
/** Fields of JSON, elements of XML and fields of a form that hold a secret, in lower case. */
const names =
  'authorizationtoken|applicationkey|customerkey|secretaccesskey|sessiontoken|hmacsha256signingsecret' +
  '|x-amz-signature|x-amz-credential|x-amz-security-token';
const secretFields = [
  new RegExp(String.raw`"(?:${names})"\s*:\s*"((?:[^"\\]|\\.)*)`, 'gi'),
  new RegExp(String.raw`<(?:\w+:)?(?:${names})\b[^>]*>([^<]*)`, 'gi'),
  new RegExp(String.raw`name="(?:${names})"[^\n]*\r\n\r\n([^\r\n]*)`, 'gi'),
];
/** Values that the endpoint gives have to be as long, so that it cannot have every word of a report taken out. */
const shortestGiven = 8;
/** Of one message. A longer document is content, and no answer that gives a secret. */
const mostGiven = 16;
const longestDocument = 1024 * 1024;

export function isSecretHeader(name: string): boolean {
  return secretHeader.test(name.toLowerCase());
}

/** A path and query whose secret values are replaced. */
export function replaceInQuery(target: string, replace: (value: string) => string): string {
  const at = target.indexOf('?');
  if (at === -1) return target;
  const pairs = target.slice(at + 1).split('&');
  return `${target.slice(0, at)}?${pairs.map((pair) => replacePair(pair, replace)).join('&')}`;
}

function replacePair(pair: string, replace: (value: string) => string): string {
  const at = pair.indexOf('=');
  if (at === -1 || !secretParameters.has(decoded(pair.slice(0, at)).toLowerCase())) return pair;
  return `${pair.slice(0, at)}=${replace(pair.slice(at + 1))}`;
}

/** The secrets that a request carries; those of its query as they are there, and decoded. */
export function secretsOfRequest({ headers, target, body }: WireRequest): readonly string[] {
  const inQuery: string[] = [];
  replaceInQuery(target, (value) => {
    inQuery.push(value, decoded(value));
    return value;
  });
  return [...headers.flatMap(secretsOfHeader), ...inQuery, ...secretsOfBody(body)].filter(isLongEnough);
}

/** The secrets that an answer gives. */
export function secretsOfAnswer({ headers, body }: WireAnswer): readonly string[] {
  return [...[...headers].flatMap(secretsOfHeader), ...secretsOfBody(body)].filter(isLongEnough);
}

function isLongEnough(value: string): boolean {
  return value.length >= shortestGiven;
}

function secretsOfHeader([name, value]: readonly [name: string, value: string]): readonly string[] {
  if (!isSecretHeader(name)) return [];
  const basic = /^Basic\s+(\S+)/i.exec(value)?.[1];
  if (basic !== undefined) {
    const pair = Buffer.from(basic, 'base64').toString();
    return [basic, pair.slice(pair.indexOf(':') + 1)];
  }
  const signed = [...value.matchAll(/(?:Signature|Credential)=([^\s,]+)/g)].map(([, part = '']) => part);
  return signed.length > 0 ? signed : [value.replace(/^Bearer\s+/i, '')];
}

function secretsOfBody(body: Uint8Array): readonly string[] {
  // An object, a document of XML, or a form of several parts.
  if (body.length > longestDocument || !'{<-'.includes(String.fromCharCode(body[0] ?? 0))) return [];
  const text = Buffer.from(body).toString();
  const found = secretFields.flatMap((field) => [...text.matchAll(field)].map(([, value = '']) => value));
  return [...new Set(found)].slice(0, mostGiven).flatMap((value) => [value, unescaped(value)]);
}

/** A text of JSON without its escapes, or as it is. */
function unescaped(value: string): string {
  try {
    return String(JSON.parse(`"${value}"`));
  } catch {
    return value;
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
