/** As many entries as the end of a plain ZIP file can count; the largest number means that ZIP64's end does. */
const countedEntries = 0xfffe;
const endSignature = 0x06054b50;
const zip64EndSignature = 0x06064b50;
const zip64LocatorSignature = 0x07064b50;
const zip64EndLength = 56;
const zip64LocatorLength = 20;
/** Made by, and needed to extract: version 4.5, the first with ZIP64. */
const zip64Version = 45;

/**
 * A ZIP file of client-zip with the end that ZIP64 asks for (APPNOTE 6.3.10, sections 4.3.14 and 4.3.15). client-zip
 * 2.5 writes that only where sizes or places need it, and not where only the number of entries does: without it,
 * programs refuse files of 65,535 entries or more.
 *
 * @param count How many entries there are; asked for when the last of them was read.
 */
export async function* withZip64End(
  pieces: AsyncIterable<Uint8Array>,
  count: () => number,
): AsyncGenerator<Uint8Array, void> {
  let last: Uint8Array | undefined;
  let hasZip64End = false;
  for await (const piece of pieces) {
    if (last !== undefined) {
      hasZip64End = signatureOf(last) === zip64EndSignature;
      yield last;
    }
    last = piece;
  }
  if (last === undefined) return;
  if (signatureOf(last) !== endSignature) throw new RangeError('The ZIP file does not end as ZIP files do');
  if (count() > countedEntries && !hasZip64End) yield zip64End(last, count());
  yield last;
}

function signatureOf(piece: Uint8Array): number | undefined {
  return piece.length < 4 ? undefined : viewOf(piece).getUint32(0, true);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** ZIP64's record of the end and its locator, with what the plain end says of the directory. */
function zip64End(end: Uint8Array, count: number): Uint8Array {
  const directorySize = BigInt(viewOf(end).getUint32(12, true));
  const directoryStart = BigInt(viewOf(end).getUint32(16, true));
  const record = new Uint8Array(zip64EndLength + zip64LocatorLength);
  const view = viewOf(record);
  view.setUint32(0, zip64EndSignature, true);
  view.setBigUint64(4, BigInt(zip64EndLength - 12), true);
  view.setUint16(12, zip64Version, true);
  view.setUint16(14, zip64Version, true);
  view.setBigUint64(24, BigInt(count), true);
  view.setBigUint64(32, BigInt(count), true);
  view.setBigUint64(40, directorySize, true);
  view.setBigUint64(48, directoryStart, true);
  view.setUint32(zip64EndLength, zip64LocatorSignature, true);
  view.setBigUint64(zip64EndLength + 8, directoryStart + directorySize, true);
  view.setUint32(zip64EndLength + 16, 1, true);
  return record;
}
