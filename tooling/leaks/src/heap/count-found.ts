import type { OutputPiece } from '../search/collected.ts';
import type { SecretSearch } from '../search/secret-search.ts';

/** By kind of secret and form, such as `customer key: base64`. */
export type Found = Record<string, { readonly places: number; readonly secrets: number } | undefined>;

/**
 * How often secrets are somewhere, and how many different ones. Those of the origin `control` are one kind in all
 * forms.
 */
export async function countFound(
  search: SecretSearch,
  pieces: Iterable<OutputPiece> | AsyncIterable<OutputPiece>,
): Promise<Found> {
  const kinds = new Map<string, { places: number; secrets: Set<unknown> }>();
  for await (const { bytes } of pieces) {
    for (const { form, secret } of search.find(bytes)) {
      const key =
        secret.origin === 'control' ? 'control' : `${kindOf(secret.origin)}: ${form.split(',', 1)[0] ?? form}`;
      const kind = kinds.get(key) ?? { places: 0, secrets: new Set() };
      kinds.set(key, { places: kind.places + 1, secrets: kind.secrets.add(secret) });
    }
  }
  return Object.fromEntries([...kinds].map(([key, { places, secrets }]) => [key, { places, secrets: secrets.size }]));
}

/** The kind of a secret, which is its origin without the number that a client gave it. */
function kindOf(origin: string): string {
  return origin.replace(/ \d+$/, '');
}
