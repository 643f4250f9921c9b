import { compareKeys, recordKey } from '@coffer/storage-ports';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const numberLength = 8;

/**
 * The components of a row's key, of the given kinds: what `recordKey` made it of. Undefined if it is not made of such
 * components. Numbers are as they are in the key, not descending ones.
 */
export function keyParts<const Kinds extends readonly ('text' | 'number')[]>(
  key: Uint8Array,
  kinds: Kinds,
): { [Index in keyof Kinds]: Kinds[Index] extends 'text' ? string : number } | undefined {
  const parts: (string | number)[] = [];
  let rest = key;
  for (const kind of kinds) {
    const found = kind === 'text' ? readText(rest) : readNumber(rest);
    if (found === undefined) return undefined;
    parts.push(found.part);
    rest = rest.subarray(found.length);
  }
  // A key that writes these components in another way than `recordKey` is not accepted.
  if (compareKeys(safeKey(parts), key) !== 0) return undefined;
  return parts as { [Index in keyof Kinds]: Kinds[Index] extends 'text' ? string : number };
}

function safeKey(parts: readonly (string | number)[]): Uint8Array {
  try {
    return recordKey(...parts);
  } catch {
    return new Uint8Array(0);
  }
}

function readText(bytes: Uint8Array): { readonly part: string; readonly length: number } | undefined {
  let end = bytes.indexOf(0);
  while (end >= 0 && bytes[end + 1] !== 1) end = bytes.indexOf(0, end + 1);
  if (end < 0) return undefined;
  try {
    const part = decoder.decode(bytes.subarray(0, end)).replaceAll('\u0000\u00ff', '\u0000');
    return { part, length: end + 2 };
  } catch {
    return undefined;
  }
}

function readNumber(bytes: Uint8Array): { readonly part: number; readonly length: number } | undefined {
  if (bytes.length < numberLength) return undefined;
  const part = Number(new DataView(bytes.buffer, bytes.byteOffset, numberLength).getBigUint64(0));
  return { part, length: numberLength };
}
