import { decodeBase64, parseStrictJson } from '@coffer/bytes';
import * as z from 'zod';
import { KeyringError } from './keyring-error.ts';
import type { KeyringPlace } from './keyring-place.ts';

const version = 1;
/** nonce(24), key(32) and tag(16) of XAES-256-GCM. */
const wrappedLength = 72;

const base64Of = (length: number) =>
  z.string().refine((text) => decodeBase64(text)?.length === length, `not base64 of ${length} bytes`);

// Limits keep a changed file from costing all memory: at most 1 GiB.
const scryptParameters = z.strictObject({
  N: z.union([15, 16, 17, 18, 19, 20].map((exponent) => z.literal(2 ** exponent))),
  r: z.int().min(1).max(8),
  p: z.int().min(1).max(4),
  salt: base64Of(16),
});

const globalKeyId = z.string().regex(/^gk_[0-9a-f]{16}$/);
const createdAt = z.int().min(0);
const globalKey = z.discriminatedUnion('state', [
  z.strictObject({ id: globalKeyId, state: z.literal('active'), createdAt, wrapped: base64Of(wrappedLength) }),
  z.strictObject({ id: globalKeyId, state: z.literal('decrypt-only'), createdAt, wrapped: base64Of(wrappedLength) }),
  z.strictObject({ id: globalKeyId, state: z.literal('destroyed'), createdAt }),
]);

const servedStore = z.strictObject({
  storeId: z.string().regex(/^[0-9a-f]{32}$/),
  // Any version is taken, so that a server can say that the store has another version than its own.
  formatVersion: z.int().min(1),
});

const keyringContent = z
  .strictObject({
    version: z.literal(version),
    keyringId: z.string().regex(/^kr_[0-9a-f]{16}$/),
    rootKey: z.discriminatedUnion('source', [
      z.strictObject({ source: z.literal('key') }),
      z.strictObject({ source: z.literal('passphrase'), scrypt: scryptParameters }),
    ]),
    stores: z.array(servedStore).max(10_000),
    keys: z.array(globalKey).max(10_000),
  })
  .refine(({ keys }) => keys.filter(({ state }) => state === 'active').length === 1, 'not exactly one active key')
  .refine(({ keys }) => new Set(keys.map(({ id }) => id)).size === keys.length, 'two keys of one id')
  .refine(({ stores }) => new Set(stores.map(({ storeId }) => storeId)).size === stores.length, 'a store twice');

/** scrypt's cost parameters (RFC 7914) and its salt in base64. */
export type ScryptParameters = z.output<typeof scryptParameters>;
/** A global key as the file holds it: with its wrapped bytes in base64, or without them once it was destroyed. */
export type StoredGlobalKey = z.output<typeof globalKey>;
/** A store whose data the keys protect. */
export type ServedStore = Readonly<z.output<typeof servedStore>>;
/** The keyring file (`docs/format.md`, "The keyring file"). */
export type KeyringContent = z.output<typeof keyringContent>;

/**
 * Reads and checks the keyring.
 *
 * @throws KeyringError `keyring_missing`, `keyring_version` or `keyring_malformed`. Other errors of the place pass
 * through.
 */
export async function readKeyring(place: KeyringPlace): Promise<KeyringContent> {
  return contentOf(await place.read(), place);
}

/** Makes the keyring; an existing one stays. @throws KeyringError `keyring_exists`. */
export async function createKeyringText(place: KeyringPlace, content: KeyringContent): Promise<void> {
  if (!(await place.create(print(content)))) throw keyringExists(place);
}

/**
 * Replaces the keyring by what `change` makes of it; undefined: it stays.
 *
 * @throws KeyringError as {@link readKeyring}; whatever `change` throws.
 */
export async function changeKeyring(
  place: KeyringPlace,
  change: (content: KeyringContent) => Promise<KeyringContent | undefined>,
): Promise<void> {
  await place.change(async (text) => {
    const next = await change(contentOf(text, place));
    return next && print(next);
  });
}

/** The refusal to make a keyring where there is one. */
export function keyringExists({ name }: KeyringPlace): KeyringError {
  return new KeyringError(
    'keyring_exists',
    `There is a keyring at ${name} already. Open that one, or choose another place`,
  );
}

function contentOf(text: string | undefined, { name }: KeyringPlace): KeyringContent {
  if (text !== undefined) return parseKeyring(text, name);
  throw new KeyringError(
    'keyring_missing',
    `There is no keyring at ${name}. Make one, or put it back from your backup`,
  );
}

function parseKeyring(text: string, path: string): KeyringContent {
  const read = parseStrictJson(text);
  if (!read.ok) throw malformed(path, read.path);
  const json = read.value;
  const found = z.looseObject({ version: z.int() }).safeParse(json);
  if (found.success && found.data.version !== version)
    throw new KeyringError(
      'keyring_version',
      `The keyring ${path} has version ${found.data.version}; this program knows version ${version}. Use a newer ` +
        'program',
    );
  const parsed = keyringContent.safeParse(json);
  if (parsed.success) return parsed.data;
  throw malformed(path, parsed.error.issues[0]?.path.join('.') ?? '');
}

/** `where`: the member at fault; empty if it is the whole file. */
function malformed(path: string, where: string): KeyringError {
  const place = where === '' ? '' : ` (at ${where})`;
  return new KeyringError('keyring_malformed', `The keyring ${path} is damaged${place}. Put it back from your backup`);
}

function print(content: KeyringContent): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
