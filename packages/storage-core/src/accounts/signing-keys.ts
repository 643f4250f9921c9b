import { createHash } from 'node:crypto';
import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import { openApplicationKey } from '../encryption/application-key-secret.ts';
import type { Core } from '../core/core.ts';
import { isPossibleId } from '../core/identifiers.ts';
import type { SigningKey } from '../services/application-key-service.ts';
import { grantOf } from './grants.ts';
import { isExpired } from './key-expiry.ts';

/** `ApplicationKeyService.forSigning`. */
export async function forSigning(core: Core, applicationKeyId: string): Promise<SigningKey | undefined> {
  if (!isPossibleId(applicationKeyId)) return undefined;
  const stored = await core.metadata.get('applicationKeys', keys.applicationKeys(applicationKeyId));
  if (stored === undefined || isExpired(stored.value, core.clock.now())) return undefined;
  const key = stored.value;
  return {
    grant: grantOf(key),
    version: versionOf(key),
    openSecret: () => openApplicationKey(core, applicationKeyId, key),
  };
}

/** Cached by the record's object, as grants are. */
const versions = new WeakMap<ApplicationKeyRecord, string>();

/** Sealing is randomised, so whenever a secret is sealed again, these bytes are others. */
function versionOf(key: ApplicationKeyRecord): string {
  const known = versions.get(key);
  if (known !== undefined) return known;
  const version = createHash('sha256').update(key.sealedSecret).digest('base64url');
  versions.set(key, version);
  return version;
}
