import { Buffer } from 'node:buffer';

/** One thing that was collected: bytes and where they come from. */
export interface Frame {
  readonly label: string;
  readonly bytes: Uint8Array;
}

const lengthsBytes = 8;

/** The label's length and the bytes' length (32 bits each, little-endian), the label, the bytes. */
export function encodeFrame({ label, bytes }: Frame): Buffer {
  const text = Buffer.from(label);
  const lengths = Buffer.alloc(lengthsBytes);
  lengths.writeUInt32LE(text.length, 0);
  lengths.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([lengths, text, bytes]);
}

/** The frames of a file. The last one is left out if its process was killed while it wrote. */
export function* decodeFrames(file: Buffer): Generator<Frame> {
  let at = 0;
  while (at + lengthsBytes <= file.length) {
    const labelEnd = at + lengthsBytes + file.readUInt32LE(at);
    const end = labelEnd + file.readUInt32LE(at + 4);
    if (end > file.length) return;
    yield { label: file.toString('utf8', at + lengthsBytes, labelEnd), bytes: file.subarray(labelEnd, end) };
    at = end;
  }
}
