import { constantTimeEqual } from '@coffer/bytes';
import { EnvelopeError } from '@coffer/envelope-crypto';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';

/** What a token is for; clients may see it at the token's end, as in B2. */
export type TokenKind = 'acct' | 'upld' | 'uplg' | 'dnld';

/** What a token says. Its meaning depends on its kind; the format knows only what all have. */
export interface TokenClaims {
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How often the key's secret had been replaced when the token was issued. */
  readonly secretReplacements: number;
  /** What kind-specific rights it carries, as plain JSON. */
  readonly rights: unknown;
}

export interface ParsedToken extends TokenClaims {
  readonly kind: TokenKind;
  readonly applicationKeyId: string;
}

/** The arrays that it makes are, unlike short Buffers, not part of a pool that stays in memory. */
const encoder = new TextEncoder();
const maximumLength = 8_192;
const shape = /^4_([0-9a-f]{12,25})_([A-Za-z0-9_-]+)_([A-Za-z0-9_-]{43})_(acct|upld|uplg|dnld)$/;
const nonceLength = 9;
/**
 * Milliseconds by which a token may seem to be issued in the future. More means that the clock was set back, and the
 * token would live longer than it was made for. Smaller corrections happen on any machine, and must not force every
 * client to authorize again.
 */
const clockTolerance = 60_000;

/**
 * A token: `4_<application key id>_<payload>_<MAC>_<kind>`, of characters that need no escaping in headers and URLs.
 * The payload is base64url of JSON. It names the global key that the MAC is made with, so that a token outlives a
 * rotation, and the store's generation, so that no token outlives a restore: after a restore, an id in a token, above
 * all that of its key, may belong to something else.
 */
export async function printToken(
  core: Core,
  kind: TokenKind,
  applicationKeyId: string,
  { issuedAt, expiresAt, secretReplacements, rights }: TokenClaims,
): Promise<string> {
  const globalKeyId = await core.keys.activeKeyId();
  const generation = await core.generation();
  const nonce = Buffer.from(core.random.bytes(nonceLength)).toString('base64url');
  const fields = [globalKeyId, generation, issuedAt, expiresAt, nonce, secretReplacements, rights];
  const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
  const mac = await macOf(core, globalKeyId, kind, applicationKeyId, payload);
  const token = `4_${applicationKeyId}_${payload}_${mac}_${kind}`;
  if (token.length > maximumLength) throw failures.invalid('authorization', 'The authorization carries too much');
  return token;
}

/**
 * What a genuine token says.
 *
 * @throws StorageError `token_invalid` for anything that {@link printToken} did not make, or made in the future;
 * `token_expired`.
 */
export async function parseToken(core: Core, token: string): Promise<ParsedToken> {
  const match = token.length > maximumLength ? null : shape.exec(token);
  if (match === null) throw failures.tokenInvalid();
  // All groups are there when the shape matches.
  const [, applicationKeyId = '', payload = '', mac = '', kind = ''] = match;
  const claims = decodePayload(payload);
  if (claims === undefined) throw failures.tokenInvalid();
  const tokenKind = kind as TokenKind;
  await requireMac(core, claims.globalKeyId, tokenKind, applicationKeyId, payload, mac);
  if (claims.generation !== (await core.generation())) throw failures.tokenInvalid();
  const now = core.clock.now();
  if (claims.issuedAt > now + clockTolerance) throw failures.tokenInvalid();
  if (claims.expiresAt <= now) throw failures.tokenExpired();
  const { issuedAt, expiresAt, secretReplacements, rights } = claims;
  return { kind: tokenKind, applicationKeyId, issuedAt, expiresAt, secretReplacements, rights };
}

async function requireMac(
  core: Core,
  globalKeyId: string,
  kind: TokenKind,
  applicationKeyId: string,
  payload: string,
  mac: string,
): Promise<void> {
  try {
    const expected = await macOf(core, globalKeyId, kind, applicationKeyId, payload);
    // Compared as text, so that only the canonical base64url of the MAC is accepted.
    if (constantTimeEqual(encoder.encode(expected), encoder.encode(mac))) return;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
  }
  throw failures.tokenInvalid();
}

async function macOf(
  core: Core,
  globalKeyId: string,
  kind: TokenKind,
  applicationKeyId: string,
  payload: string,
): Promise<string> {
  const message = Buffer.from(`${kind}_${applicationKeyId}_${payload}`);
  return Buffer.from(await core.keys.mac(globalKeyId, 'coffer/token/v1', message)).toString('base64url');
}

interface Payload extends TokenClaims {
  readonly globalKeyId: string;
  readonly generation: string;
}

function decodePayload(payload: string): Payload | undefined {
  const fields = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!Array.isArray(fields) || fields.length !== 7) return undefined;
  const [globalKeyId, generation, issuedAt, expiresAt, , secretReplacements, rights] = fields as readonly unknown[];
  if (typeof globalKeyId !== 'string' || typeof generation !== 'string') return undefined;
  if (typeof issuedAt !== 'number' || typeof expiresAt !== 'number') return undefined;
  if (typeof secretReplacements !== 'number') return undefined;
  return { globalKeyId, generation, issuedAt, expiresAt, secretReplacements, rights };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
