import { SecretBytes, SecretString } from '@coffer/bytes';
import { openSecret, sealSecret } from '@coffer/envelope-crypto';
import type { NotificationRuleRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { underActiveKey } from '../encryption/file-encryption.ts';
import type { NotificationRuleReference, NotificationTarget } from '../services/notifications.ts';

/** The target as it is sealed, in JSON. */
interface SealedTarget {
  readonly url: string;
  readonly customHeaders: readonly { readonly name: string; readonly value: string }[] | null;
  readonly signingSecret: string | null;
}

const kind = 'event-notification';

/** Seals the whole target: a URL can be a secret, too, if knowing it is enough to get in. */
export async function sealTarget(
  core: Core,
  rule: NotificationRuleReference,
  target: NotificationTarget,
): Promise<Pick<NotificationRuleRecord, 'sealedTarget' | 'globalKeyId'>> {
  const bytes = SecretBytes.take(new TextEncoder().encode(JSON.stringify(exposed(target))));
  try {
    return await underActiveKey(core, async (globalKeyId) => ({
      sealedTarget: await sealSecret(core.keys, globalKeyId, kind, subjectOf(rule), bytes),
      globalKeyId,
    }));
  } finally {
    bytes.wipe();
  }
}

/**
 * The target; its secrets are the caller's to wipe.
 *
 * @throws StorageError `storage_unavailable` if the global key is not at hand or the record is damaged.
 */
export async function openTarget(
  core: Core,
  bucketId: string,
  { ruleId, sealedTarget, globalKeyId }: NotificationRuleRecord,
): Promise<NotificationTarget> {
  const bytes = await openSecret(core.keys, globalKeyId, kind, subjectOf({ bucketId, ruleId }), sealedTarget).catch(
    (error: unknown) => {
      throw failures.keyUnavailable(error);
    },
  );
  try {
    return hidden(bytes.expose((text) => JSON.parse(new TextDecoder().decode(text)) as SealedTarget));
  } finally {
    bytes.wipe();
  }
}

/** Wipes the secrets of a target. */
export function wipeTarget({ customHeaders, signingSecret }: NotificationTarget): void {
  for (const { value } of customHeaders ?? []) value.wipe();
  signingSecret?.wipe();
}

function subjectOf({ bucketId, ruleId }: NotificationRuleReference): string {
  return `${bucketId}/${ruleId}`;
}

function exposed({ url, customHeaders, signingSecret }: NotificationTarget): SealedTarget {
  return {
    url,
    customHeaders: customHeaders && customHeaders.map(({ name, value }) => ({ name, value: textOf(value) })),
    signingSecret: signingSecret && textOf(signingSecret),
  };
}

function hidden({ url, customHeaders, signingSecret }: SealedTarget): NotificationTarget {
  return {
    url,
    customHeaders: customHeaders && customHeaders.map(({ name, value }) => ({ name, value: SecretString.of(value) })),
    signingSecret: signingSecret === null ? null : SecretString.of(signingSecret),
  };
}

function textOf(secret: SecretString): string {
  return secret.expose((text) => text);
}
