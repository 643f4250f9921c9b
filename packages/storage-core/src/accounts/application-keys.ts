import type { SecretString } from '@coffer/bytes';
import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import { makeApplicationKeySecret, sealApplicationKey } from '../encryption/application-key-secret.ts';
import { keepChosenKey } from './chosen-key.ts';
import type { Core } from '../core/core.ts';
import { CredentialCheck } from './credential-check.ts';
import { failures } from '../core/failures.ts';
import { isPossibleId, makeApplicationKeyId } from '../core/identifiers.ts';
import { isExpired } from './key-expiry.ts';
import { forSigning } from './signing-keys.ts';
import { newKeyRecord } from './new-key-record.ts';
import { requireLimit } from '../listings/page-limit.ts';
import { rowsOf, type KeyRange } from '../core/table-pages.ts';
import type { ApplicationKeyService, ApplicationKeysQuery, NewApplicationKey } from '../services/storage.ts';
import { transact, type Transaction } from '../core/transaction.ts';

export function applicationKeyService(core: Core): ApplicationKeyService {
  const credentials = new CredentialCheck(core);
  return {
    create: (key) => createKey(core, key),
    keep: (key) => keepChosenKey(core, key),
    list: (query) => listKeys(core, query),
    get: (accountId, applicationKeyId) => getKey(core, accountId, applicationKeyId),
    delete: (accountId, applicationKeyId) => deleteKey(core, accountId, applicationKeyId),
    authenticate: (applicationKeyId, secret) => credentials.authenticate(applicationKeyId, secret),
    forSigning: (applicationKeyId) => forSigning(core, applicationKeyId),
  };
}

async function createKey(
  core: Core,
  wanted: NewApplicationKey,
): Promise<{ readonly key: ApplicationKeyRecord; readonly secret: SecretString }> {
  await core.monitor.requireWritable();
  const secret = makeApplicationKeySecret();
  const key = await transact(core.metadata, (tx) => addKey(core, tx, wanted, secret));
  return { key, secret };
}

async function addKey(
  core: Core,
  tx: Transaction,
  wanted: NewApplicationKey,
  secret: SecretString,
): Promise<ApplicationKeyRecord> {
  const applicationKeyId = makeApplicationKeyId(core, wanted.accountId);
  const sealed = await sealApplicationKey(core, applicationKeyId, secret);
  const record = await newKeyRecord(core, tx, wanted, applicationKeyId, sealed);
  tx.expectAbsent('applicationKeys', keys.applicationKeys(applicationKeyId));
  tx.put('applicationKeys', keys.applicationKeys(applicationKeyId), record);
  return record;
}

async function listKeys(core: Core, query: ApplicationKeysQuery): ReturnType<ApplicationKeyService['list']> {
  const limit = requireLimit(query.limit);
  const found: ApplicationKeyRecord[] = [];
  for await (const { value: key } of rowsOf(core.metadata, 'applicationKeys', keysFrom(query.startId))) {
    if (isListed(core, key, query)) found.push(key);
    if (found.length > limit) break;
  }
  return { keys: found.slice(0, limit), nextId: found[limit]?.applicationKeyId ?? null };
}

function isListed(
  core: Core,
  key: ApplicationKeyRecord,
  { accountId, maximumBucketIds = Infinity }: { accountId: string; maximumBucketIds?: number },
): boolean {
  if (key.master || key.accountId !== accountId || isExpired(key, core.clock.now())) return false;
  return (key.bucketIds?.length ?? 0) <= maximumBucketIds;
}

function keysFrom(startId: string | undefined): KeyRange {
  const isPlace = startId !== undefined && isPossibleId(startId);
  return { start: isPlace ? keys.applicationKeys(startId) : new Uint8Array(0), end: undefined };
}

async function getKey(core: Core, accountId: string, applicationKeyId: string): Promise<ApplicationKeyRecord> {
  const stored = isPossibleId(applicationKeyId)
    ? await core.metadata.get('applicationKeys', keys.applicationKeys(applicationKeyId))
    : undefined;
  if (stored?.value.accountId !== accountId || isExpired(stored.value, core.clock.now()))
    throw failures.applicationKeyMissing(applicationKeyId);
  return stored.value;
}

async function deleteKey(core: Core, accountId: string, applicationKeyId: string): Promise<ApplicationKeyRecord> {
  if (!isPossibleId(applicationKeyId)) throw failures.applicationKeyMissing(applicationKeyId);
  return transact(core.metadata, async (tx) => {
    const key = await tx.get('applicationKeys', keys.applicationKeys(applicationKeyId));
    if (key?.accountId !== accountId || key.master) throw failures.applicationKeyMissing(applicationKeyId);
    tx.delete('applicationKeys', keys.applicationKeys(applicationKeyId));
    return key;
  });
}
