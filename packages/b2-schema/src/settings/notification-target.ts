import { SecretString } from '@coffer/bytes';
import * as z from 'zod';
import { maxCustomHeaderBytes, maxCustomHeaders, maxWebhookUrlLength } from '../values/limits.ts';
import { rule } from '../values/rule.ts';
import { secretText, wireSecret } from '../values/secret-text.ts';
import { isForbiddenKey, utf8Length } from '../values/text.ts';

const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headerValue = /^[\x20-\x7e]*$/;
const signingSecret = /^[A-Za-z0-9]{32}$/;
/**
 * Headers that frame the request or belong to the connection (RFC 9110 section 7.6.1, RFC 9112): only the sender sets
 * them.
 */
const reservedHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

interface WireHeader {
  readonly name: string;
  readonly value: string;
}

function headersProblem(headers: readonly WireHeader[]): string | undefined {
  if (headers.length > maxCustomHeaders) return `A webhook must have no more than ${maxCustomHeaders} custom headers`;
  const names = headers.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) return 'The custom headers of a webhook must have different names';
  if (!headers.every(({ name, value }) => headerName.test(name) && headerValue.test(value)))
    return 'Custom headers must be header names with values of printable ASCII';
  if (names.some((name) => name.startsWith('x-bz-'))) return 'Custom headers must not start with X-Bz-';
  if (names.some(isForbiddenKey)) return 'Custom headers must not be named __proto__';
  if (names.some((name) => reservedHeaders.has(name))) return 'Custom headers must not be those of the connection';
  const bytes = headers.reduce((sum, { name, value }) => sum + utf8Length(name) + utf8Length(value), 0);
  return bytes > maxCustomHeaderBytes ? `Custom headers must be no more than ${maxCustomHeaderBytes} bytes` : undefined;
}

/** The documents have a list of names and values; the `b2` command-line tool sends an object. */
const wireHeaders = z.union([
  z
    .array(z.strictObject({ name: z.string(), value: z.string() }))
    .max(maxCustomHeaders, { error: `A webhook must have no more than ${maxCustomHeaders} custom headers` }),
  z.record(z.string(), z.string()),
]);

const customHeaders = z.codec(
  wireHeaders.check(rule((headers) => headersProblem(asList(headers)))),
  z.array(z.object({ name: z.string(), value: secretText })),
  {
    decode: (headers) => asList(headers).map(({ name, value }) => ({ name, value: SecretString.of(value) })),
    encode: (headers) => headers.map(({ name, value }) => ({ name, value: value.expose((text) => text) })),
  },
);

function asList(headers: readonly WireHeader[] | Readonly<Record<string, string>>): readonly WireHeader[] {
  if (Array.isArray(headers)) return headers as readonly WireHeader[];
  return Object.entries(headers as Readonly<Record<string, string>>).map(([name, value]) => ({ name, value }));
}

const signingSecretField = z.codec(
  z
    .string()
    .check(rule((text) => (signingSecret.test(text) ? undefined : 'A signing secret must be 32 letters or digits'))),
  secretText,
  { decode: (text) => SecretString.of(text), encode: (secret) => secret.expose((text) => text) },
);

/** Lets http pass as well: the server decides whether http is allowed, while the service takes https only. */
function urlProblem(text: string): string | undefined {
  const url = /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'The URL of a webhook must be an absolute https URL';
  return url.username === '' && url.password === '' ? undefined : 'The URL of a webhook must not hold credentials';
}

/** `targetConfiguration` of a rule in a request. Secrets are {@link SecretString}s from here on. */
export const notificationTarget = z.strictObject({
  targetType: z.literal('webhook'),
  url: z.string().max(maxWebhookUrlLength).check(rule(urlProblem)),
  customHeaders: customHeaders.nullish(),
  hmacSha256SigningSecret: signingSecretField.nullish(),
});
/** Where a rule's events go: a webhook. */
export type NotificationTarget = z.output<typeof notificationTarget>;

/** `targetConfiguration` of a rule in a response, secrets in clear on the wire. */
export const wireNotificationTarget = z.object({
  targetType: z.string(),
  url: z.string(),
  customHeaders: z.array(z.object({ name: z.string(), value: wireSecret })).nullable(),
  hmacSha256SigningSecret: wireSecret.nullable(),
});
