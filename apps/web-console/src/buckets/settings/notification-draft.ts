import { coversEventType } from '@coffer/b2-schema';
import type { TypedNumber } from '../../ui/small-fields.tsx';
import type { ServedRule } from '../notification-queries.ts';
import { filledPairs, type Pair } from './pairs.ts';

interface Header {
  readonly name: string;
  readonly value: string;
}

/** An event notification rule as JSON, secrets in clear: it is only made to be edited. */
export interface NotificationDraft {
  readonly name: string;
  readonly eventTypes: readonly string[];
  readonly isEnabled: boolean;
  readonly objectNamePrefix: string;
  readonly maxEventsPerBatch?: TypedNumber | undefined;
  readonly isSuspended?: unknown;
  readonly suspensionReason?: unknown;
  readonly targetConfiguration: {
    readonly targetType: string;
    readonly url: string;
    /** In a text of JSON, it may also be an object. */
    readonly customHeaders?: readonly Header[] | Readonly<Record<string, string>> | null | undefined;
    readonly hmacSha256SigningSecret?: string | null | undefined;
  };
}

/** What the server told, with the secrets that it tells to whoever may read the rules. */
export function draftOf({ targetConfiguration, ...rule }: ServedRule): NotificationDraft {
  const { customHeaders, hmacSha256SigningSecret: secret, ...target } = targetConfiguration;
  return {
    ...rule,
    targetConfiguration: {
      ...target,
      customHeaders: customHeaders?.map(({ name, value }) => ({ name, value: value.expose(same) })) ?? null,
      hmacSha256SigningSecret: secret?.expose(same) ?? null,
    },
  };
}

const same = (text: string): string => text;

/** The headers of a webhook as pairs, in whichever form the JSON has them. */
export function headerPairs({ targetConfiguration: { customHeaders } }: NotificationDraft): readonly Pair[] {
  if (!customHeaders) return [];
  if (isList(customHeaders)) return customHeaders.map(({ name, value }) => [name, value]);
  return Object.entries(customHeaders);
}

function isList(headers: readonly Header[] | Readonly<Record<string, string>>): headers is readonly Header[] {
  return Array.isArray(headers);
}

/** The rule with these headers. */
export function withHeaders(rule: NotificationDraft, pairs: readonly Pair[]): NotificationDraft {
  const customHeaders = pairs.length === 0 ? null : pairs.map(([name, value]) => ({ name, value }));
  return { ...rule, targetConfiguration: { ...rule.targetConfiguration, customHeaders } };
}

/**
 * The types after some were chosen or left: all of a kind and single ones of it exclude each other, and what was chosen
 * last counts.
 */
export function settledEventTypes(before: readonly string[], after: readonly string[]): readonly string[] {
  const added = after.filter((type) => !before.includes(type));
  return after.filter(
    (type) => added.includes(type) || !added.some((one) => coversEventType(one, type) || coversEventType(type, one)),
  );
}

/** The rule as it is sent. */
export function cleanRule(rule: NotificationDraft): NotificationDraft {
  const { url, hmacSha256SigningSecret: secret, ...target } = rule.targetConfiguration;
  const pairs = headerPairs(rule);
  return withHeaders(
    {
      ...rule,
      name: rule.name.trim(),
      targetConfiguration: {
        ...target,
        url: url.trim(),
        hmacSha256SigningSecret: secret === undefined || secret === '' ? null : secret,
      },
    },
    filledPairs(pairs),
  );
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const secretLength = 32;

/** A new signing secret: 32 random letters and digits. */
export function makeSigningSecret(randomBytes: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  let secret = '';
  while (secret.length < secretLength) {
    const bytes = new Uint8Array(secretLength);
    randomBytes(bytes);
    // Bytes at or above the last multiple of the number of letters would make the first letters likelier.
    const fair = bytes.filter((byte) => byte < 256 - (256 % letters.length));
    secret += Array.from(fair, (byte) => letters.charAt(byte % letters.length)).join('');
  }
  return secret.slice(0, secretLength);
}
