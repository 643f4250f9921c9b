import * as z from 'zod';
import { algorithm, CustomerKey } from './customer-key.ts';
import { accepted, refused, type SseResult } from './result.ts';
import type { DefaultEncryption, EncryptionRequest } from './settings.ts';
import type { SseViolationError } from './violation.ts';

const optionalText = z.string().nullish();

/**
 * An encryption setting in the JSON of a request (B2 docs `b2_start_large_file`, `b2_copy_file`): strict, an explicit
 * null is absent, except that `mode` must be there.
 */
export const b2SettingSchema = z.strictObject({
  mode: z.string().nullable(),
  algorithm: optionalText,
  customerKey: optionalText,
  customerKeyMd5: optionalText,
});
/** Holds the key in clear: parse it, or send it, and drop it. */
export type B2Setting = z.output<typeof b2SettingSchema>;

/** Applies the rules to a setting that has the right shape. */
export function readB2Setting(setting: B2Setting): SseResult<EncryptionRequest> {
  const { mode } = setting;
  if (mode === 'SSE-C') return readCustomerSetting(setting);
  if (mode !== null && mode !== 'none' && mode !== 'SSE-B2') return refused('unsupported_mode', 'mode');
  if (isGiven(setting.customerKey)) return refused('customer_key_not_allowed', 'customerKey');
  if (isGiven(setting.customerKeyMd5)) return refused('customer_key_not_allowed', 'customerKeyMd5');
  if (mode === 'SSE-B2') {
    return setting.algorithm === algorithm ? accepted({ mode }) : refused('unsupported_algorithm', 'algorithm');
  }
  return isGiven(setting.algorithm) ? refused('unsupported_mode', 'mode') : accepted({ mode: 'none' });
}

function readCustomerSetting(setting: B2Setting): SseResult<EncryptionRequest> {
  const key = CustomerKey.parse({
    algorithm: setting.algorithm ?? undefined,
    key: setting.customerKey ?? undefined,
    md5: setting.customerKeyMd5 ?? undefined,
  });
  return key.ok ? accepted({ mode: 'SSE-C', customerKey: key.value }) : key;
}

function isGiven(value: string | null | undefined): boolean {
  return value !== null && value !== undefined;
}

/** Applies the rules of a bucket's default, which is SSE-B2 or none. */
export function readB2Default(setting: B2Setting): SseResult<DefaultEncryption> {
  if (setting.mode === 'SSE-C' || isGiven(setting.customerKey) || isGiven(setting.customerKeyMd5)) {
    return refused('customer_key_not_allowed', 'mode');
  }
  const read = readB2Setting(setting);
  if (!read.ok) return read;
  return read.value.mode === 'SSE-B2' ? accepted('SSE-B2') : accepted('none');
}

/** The JSON with which a client asks for `request`. Holds the key in clear. */
export function printB2Setting(request: EncryptionRequest): B2Setting {
  if (request.mode === 'none') return { mode: null };
  if (request.mode === 'SSE-B2') return { mode: 'SSE-B2', algorithm };
  const { customerKey } = request;
  const key = customerKey.exposeBase64((text) => text);
  return { mode: 'SSE-C', algorithm, customerKey: key, customerKeyMd5: customerKey.md5Base64 };
}

/** The issue that a violation becomes in zod: `params.sse` is the code; nothing of the input is in it. */
function issueOf(error: SseViolationError, message: string = error.message) {
  return {
    code: 'custom' as const,
    input: undefined,
    message,
    params: { sse: error.code },
    path: error.field === undefined ? [] : [error.field],
  };
}

const encryptionRequest = z.custom<EncryptionRequest>((value) => typeof value === 'object' && value !== null);

/** Decodes the JSON of a setting to an {@link EncryptionRequest} and encodes it back; server and client share it. */
export const b2SettingCodec = z.codec(b2SettingSchema, encryptionRequest, {
  decode: (setting, context) => {
    const read = readB2Setting(setting);
    if (read.ok) return read.value;
    context.issues.push(issueOf(read.error));
    return z.NEVER;
  },
  encode: printB2Setting,
});

/** As {@link b2SettingCodec}, for `defaultServerSideEncryption` of a bucket. */
export const b2DefaultCodec = z.codec(b2SettingSchema, z.enum(['none', 'SSE-B2']), {
  decode: (setting, context) => {
    const read = readB2Default(setting);
    if (read.ok) return read.value;
    // The real service's text for this one; b2sdk's live tests know it.
    const message =
      read.error.code === 'unsupported_algorithm' ? 'Invalid default server-side encryption algorithm' : undefined;
    context.issues.push(issueOf(read.error, message));
    return z.NEVER;
  },
  encode: (value) => printB2Setting({ mode: value }),
});
