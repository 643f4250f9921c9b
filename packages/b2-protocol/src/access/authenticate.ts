import type { Authorization, ExtensionAuthorization } from '@coffer/b2-schema';
import { decodeBase64, SecretString } from '@coffer/bytes';
import type { HeaderList } from '@coffer/http';
import { grantOf, StorageError, type Grant, type Storage } from '@coffer/storage-core';
import { B2Error, notPermitted, unauthorized } from '../errors/b2-error.ts';
import { authorizationHeader } from './authorization-header.ts';

/** How all callers but those of downloads prove who they are. */
export type GrantAuthorization = Exclude<Authorization, { by: 'download' }> | ExtensionAuthorization;

/** What authentication reads of a request. */
export interface Credentials {
  readonly headers: HeaderList;
  /** What an upload URL is for: a bucket id or the id of a large file. */
  readonly uploadTarget: string | undefined;
}

const longestCredentials = 1024;

/**
 * Finds out what the caller may do, in the way that the operation's kind of authorization asks for, and checks that the
 * caller has the capability that the operation needs.
 *
 * @throws B2Error `missing_auth_token`, `unauthorized`, `bad_request` where there are two `Authorization` headers;
 * StorageError for tokens and credentials that are not valid.
 */
export async function authenticate(
  storage: Storage,
  authorization: GrantAuthorization,
  { headers, uploadTarget }: Credentials,
): Promise<Grant> {
  switch (authorization.by) {
    case 'basic':
      return authenticateKey(storage, authorizationHeader(headers));
    case 'account':
      return holding(
        authorization.capability,
        await storage.tokens.checkAccountToken(bearerToken(headers)),
        authorization.otherwise,
      );
    case 'capabilities':
      return holdingAll(authorization, await storage.tokens.checkAccountToken(bearerToken(headers)));
    case 'masterKey':
      return ofMasterKey(await storage.tokens.checkAccountToken(bearerToken(headers)));
    case 'uploadToken':
      return holding('writeFiles', await storage.tokens.checkUploadToken(bearerToken(headers), uploadTarget ?? ''));
    case 'partToken':
      return holding('writeFiles', await storage.tokens.checkPartToken(bearerToken(headers), uploadTarget ?? ''));
  }
}

/** A token is the whole value of the header: there is no scheme in front of it. */
function bearerToken(headers: HeaderList): string {
  const token = authorizationHeader(headers);
  if (token === undefined || token === '') throw new B2Error('missing_auth_token', 'The request has no authorization');
  return token;
}

function holding(capability: string, grant: Grant, otherwise?: 'access_denied'): Grant {
  if (!grant.capabilities.has(capability)) throw notPermitted(otherwise);
  return grant;
}

/** Unlike an operation of B2, one of a server's own says which capabilities are missing. */
function holdingAll(
  { capabilities, otherwise }: Extract<ExtensionAuthorization, { by: 'capabilities' }>,
  grant: Grant,
): Grant {
  const missing = capabilities.filter((capability) => !grant.capabilities.has(capability));
  if (missing.length === 0) return grant;
  if (otherwise !== undefined) throw notPermitted(otherwise);
  throw new B2Error('unauthorized', `The application key lacks ${missing.join(', ')}`);
}

function ofMasterKey(grant: Grant): Grant {
  if (!grant.key.master) throw unauthorized();
  return grant;
}

async function authenticateKey(storage: Storage, header: string | undefined): Promise<Grant> {
  const { keyId, secret } = parseBasic(header ?? '') ?? noSuchKey();
  try {
    return grantOf(await storage.applicationKeys.authenticate(keyId, secret));
  } finally {
    secret.wipe();
  }
}

function noSuchKey(): never {
  throw new StorageError('bad_credentials', 'The Authorization header is not Basic credentials', {});
}

/** Basic credentials (RFC 7617). */
function parseBasic(header: string): { keyId: string; secret: SecretString } | undefined {
  const [, encoded] = /^basic +(\S+)$/i.exec(header) ?? [];
  if (encoded === undefined || encoded.length > longestCredentials) return undefined;
  const bytes = decodeBase64(encoded);
  if (bytes === undefined) return undefined;
  try {
    const colon = bytes.indexOf(0x3a);
    if (colon === -1) return undefined;
    const keyId = new TextDecoder().decode(bytes.subarray(0, colon));
    return { keyId, secret: SecretString.copyOfUtf8(bytes.subarray(colon + 1)) };
  } finally {
    bytes.fill(0);
  }
}
