import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { grantOf } from './grants.ts';
import { isExpired } from './key-expiry.ts';
import type { DownloadAuthorization, Grant, TokenService } from '../services/token-service.ts';
import { parseToken, printToken, type ParsedToken, type TokenKind } from './token-format.ts';

/** Account and upload tokens live for a day (B2 docs, `b2_authorize_account`, `b2_get_upload_url`). */
const dayMilliseconds = 86_400_000;

export function tokenService(core: Core): TokenService {
  return {
    issueAccountToken: (key, options = {}) =>
      issue(core, 'acct', key, Math.min((options.lifetimeSeconds ?? Infinity) * 1_000, dayMilliseconds), null),
    issueUploadToken: (grant, bucketId) => issue(core, 'upld', grant.key, dayMilliseconds, bucketId),
    issuePartToken: (grant, fileId) => issue(core, 'uplg', grant.key, dayMilliseconds, fileId),
    issueDownloadToken: (grant, { bucketId, namePrefix, overrides }, validSeconds) =>
      issue(core, 'dnld', grant.key, validSeconds * 1_000, { bucketId, namePrefix, overrides }),
    checkAccountToken: async (token) => grantOf((await check(core, token, 'acct')).key),
    checkUploadToken: (token, bucketId) => checkBound(core, token, 'upld', bucketId),
    checkPartToken: (token, fileId) => checkBound(core, token, 'uplg', fileId),
    checkDownloadToken: async (token) => {
      const { parsed, key } = await check(core, token, 'acct', 'dnld');
      if (parsed.kind === 'acct') return { kind: 'account', grant: grantOf(key) };
      // The MAC proves that this server wrote the rights, in this shape.
      const rights = parsed.rights as Omit<DownloadAuthorization, 'accountId' | 'applicationKeyId'>;
      const { accountId, applicationKeyId } = key;
      return { kind: 'download', authorization: { accountId, applicationKeyId, ...rights } };
    },
  };
}

async function issue(
  core: Core,
  kind: TokenKind,
  key: ApplicationKeyRecord,
  lifetime: number,
  rights: unknown,
): Promise<string> {
  const issuedAt = core.clock.now();
  const expiresAt = Math.min(issuedAt + lifetime, key.expirationTimestamp ?? Infinity);
  const { applicationKeyId, secretReplacements = 0 } = key;
  return printToken(core, kind, applicationKeyId, { issuedAt, expiresAt, secretReplacements, rights });
}

async function checkBound(core: Core, token: string, kind: TokenKind, id: string): Promise<Grant> {
  const { parsed, key } = await check(core, token, kind);
  if (parsed.rights !== id) throw failures.tokenInvalid();
  return grantOf(key);
}

/**
 * The token and its key as it is now, so that a token ends with its key, and with the secret that it was issued for.
 */
async function check(
  core: Core,
  token: string,
  ...kinds: readonly TokenKind[]
): Promise<{ readonly parsed: ParsedToken; readonly key: ApplicationKeyRecord }> {
  const parsed = await parseToken(core, token);
  if (!kinds.includes(parsed.kind)) throw failures.tokenInvalid();
  const stored = await core.metadata.get('applicationKeys', keys.applicationKeys(parsed.applicationKeyId));
  if (stored === undefined) throw failures.tokenInvalid();
  if (parsed.secretReplacements !== (stored.value.secretReplacements ?? 0)) throw failures.tokenInvalid();
  if (isExpired(stored.value, core.clock.now())) throw failures.tokenExpired();
  return { parsed, key: stored.value };
}
