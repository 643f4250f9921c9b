/**
 * The caller's own copy of a record, as {@link MetadataStore} promises: plain data of strings, numbers, booleans, null,
 * arrays, objects and byte arrays. Of a byte array only the part in view is copied, and a Buffer becomes a plain
 * `Uint8Array`.
 *
 * @throws TypeError for anything else, `undefined` included, so that a test notices a record that no real store could
 * keep.
 */
export function copyRecord<T>(record: T): T {
  return copyValue(record) as T;
}

function copyValue(value: unknown): unknown {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(copyValue);
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    // fromEntries defines properties, so that a key named __proto__ stays a key.
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyValue(inner)]));
  throw new TypeError(`A record must be plain data, not ${typeof value}`);
}
