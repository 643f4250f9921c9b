import type { ApiVersion, CopyDestination, Scope } from '@coffer/b2-schema';
import { StorageError, type AccountStorage, type Grant } from '@coffer/storage-core';
import type { FileVersionRecord } from '@coffer/storage-ports';
import { unauthorized } from '../errors/b2-error.ts';
import { textField, type Fields } from './fields.ts';
import { coversBucket, coversName } from './restriction.ts';

/** What a scope is checked against. */
export interface ScopeContext {
  /** The storage as the grant's account sees it: what is another account's does not exist. */
  readonly storage: AccountStorage;
  readonly version: ApiVersion;
  readonly grant: Grant;
  readonly input: Fields;
  /** What an upload URL is for. */
  readonly uploadTarget: string | undefined;
}

type Check<On extends Scope['on']> = (scope: Extract<Scope, { on: On }>, context: ScopeContext) => Promise<void> | void;

const nothingToCheck = (): void => undefined;

const checks: { readonly [On in Scope['on']]: Check<On> } = {
  account: nothingToCheck,
  bucket: ({ field }, context) => {
    checkPlace(context, textField(context.input, field), undefined);
  },
  wholeBucket: ({ field }, context) => {
    checkPlace(context, textField(context.input, field), '');
  },
  rules: ({ bucket }, context) => {
    checkPlace(context, textField(context.input, bucket), undefined);
  },
  prefix: ({ bucket, prefix, filteredInV1 }, context) => {
    const isFiltered = filteredInV1 === true && context.version === 'v1';
    // A request without a prefix asks for all names, which a key's prefix never covers.
    const asked = isFiltered ? undefined : (textField(context.input, prefix) ?? '');
    checkPlace(context, textField(context.input, bucket), asked);
  },
  name: ({ bucket, name }, context) => {
    checkPlace(context, textField(context.input, bucket), textField(context.input, name));
  },
  file: async ({ field }, context) => {
    await checkFile(context, textField(context.input, field));
  },
  copy: async ({ source, sourceCapability, destination }, context) => {
    const file = await findFile(context.storage, textField(context.input, source));
    if (file !== undefined) await checkSource(context, file, sourceCapability);
    await checkDestination(context, destination, file);
  },
  listBuckets: checkListBuckets,
  token: async (_, context) => {
    // The check of the token has already compared its bucket or large file with the URL's. What remains is the name of
    // the uploaded file.
    const name = textField(context.input, 'fileName');
    if (name !== undefined && !coversName(context.grant, name)) throw unauthorized();
    if (context.uploadTarget !== undefined && name !== undefined) checkCovers(context.grant, context.uploadTarget);
    if (name === undefined) await checkFile(context, context.uploadTarget);
  },
  // Downloads have their own rules, because they may come without a token.
  fileByName: nothingToCheck,
};

/**
 * Checks that the grant's bucket restriction and name prefix cover what the request is about. What does not exist
 * passes, and so does what another account has: the operation then says that it does not exist.
 *
 * @throws B2Error `unauthorized` if they do not.
 */
export async function checkScope(scope: Scope, context: ScopeContext): Promise<void> {
  // The table's type pairs each check with its scope; TypeScript cannot follow that through a lookup.
  const check = checks[scope.on] as (scope: Scope, context: ScopeContext) => Promise<void> | void;
  await check(scope, context);
}

/** A bucket and, if given, a file name or prefix of names in it. */
function checkPlace({ grant }: ScopeContext, bucketId: string | undefined, name: string | undefined): void {
  if (bucketId === undefined) return;
  checkCovers(grant, bucketId);
  if (name !== undefined && !coversName(grant, name)) throw unauthorized();
}

function checkCovers(grant: Grant, bucketId: string): void {
  if (!coversBucket(grant, bucketId)) throw unauthorized();
}

async function checkFile(context: ScopeContext, fileId: string | undefined): Promise<void> {
  const file = await findFile(context.storage, fileId);
  if (file !== undefined) checkVersion(context.grant, file);
}

function checkVersion(grant: Grant, file: FileVersionRecord): void {
  if (!coversBucket(grant, file.bucketId) || !coversName(grant, file.name)) throw unauthorized();
}

async function checkSource({ grant, storage }: ScopeContext, file: FileVersionRecord, capability: string) {
  checkVersion(grant, file);
  if (grant.capabilities.has(capability)) return;
  const bucket = await orMissing(storage.buckets.get(file.bucketId), 'bucket_missing');
  if (bucket?.type !== 'allPublic') throw unauthorized();
}

async function checkDestination(context: ScopeContext, to: CopyDestination, source: FileVersionRecord | undefined) {
  if (to.to === 'largeFile') {
    await checkFile(context, textField(context.input, to.field));
    return;
  }
  const bucketId = textField(context.input, to.bucket) ?? source?.bucketId;
  checkPlace(context, bucketId, textField(context.input, to.name));
}

async function checkListBuckets(scope: Extract<Scope, { on: 'listBuckets' }>, context: ScopeContext): Promise<void> {
  const { grant, input, storage, version } = context;
  if (grant.bucketIds === null) return;
  const bucketId = textField(input, scope.bucketId);
  const name = textField(input, scope.bucketName);
  if (bucketId !== undefined) checkCovers(grant, bucketId);
  if (name !== undefined) {
    const [named] = await storage.buckets.list({ accountId: grant.accountId, name });
    if (named === undefined) throw unauthorized();
    checkCovers(grant, named.bucketId);
  }
  if (bucketId === undefined && name === undefined && version !== 'v1') throw unauthorized();
}

/** The version, if there is one. */
async function findFile(storage: AccountStorage, fileId: string | undefined): Promise<FileVersionRecord | undefined> {
  if (fileId === undefined) return undefined;
  return orMissing(storage.files.get(fileId), 'file_missing');
}

async function orMissing<T>(found: Promise<T>, code: 'file_missing' | 'bucket_missing'): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (StorageError.is(error, code)) return undefined;
    throw error;
  }
}
