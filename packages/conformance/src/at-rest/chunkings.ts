/** A way in which content may have been cut into pieces that are sealed one by one. */
export interface Chunking {
  /** Bytes before the first sealed piece. */
  readonly head: number;
  /** Bytes of a sealed piece. */
  readonly stride: number;
  readonly count: number;
  /** Whether the content fits it exactly: what is left over is before the first piece. */
  readonly exact: boolean;
  /** Such as `16384+16 after 56`. */
  readonly title: string;
}

const usualSizes = [4096, 8192, 16_384, 32_768, 65_536];
/** Tags of AEADs, with a nonce of 12 bytes, with one of 16. */
const usualTags = [16, 28, 32, 0];
const longestHead = 4096;

/**
 * The chunkings by which content of this length could have become as long as what is stored: pieces of a usual size or
 * of the hinted one, each with a tag, after or before something of a fixed length.
 */
export function chunkingsOf(content: number, stored: number, hint: number | undefined): readonly Chunking[] {
  const found = new Map<string, Chunking>();
  const sizes = [...(hint === undefined ? [] : [hint]), ...usualSizes];
  for (const tag of usualTags)
    for (const size of sizes) {
      const count = Math.ceil(content / size);
      const rest = stored - content - count * tag;
      if (count < 2 || rest < 0 || rest > longestHead) continue;
      for (const head of new Set([rest, 0])) {
        const stride = size + tag;
        const title = `${size}${tag === 0 ? '' : `+${tag}`} after ${head}`;
        if (head + 2 * stride <= stored) found.set(title, { head, stride, count, exact: head === rest, title });
      }
    }
  return [...found.values()];
}

/** Two pieces of a chunking, exchanged. */
export function swapped({ head, stride }: Chunking, stored: Uint8Array): Uint8Array {
  const [one, other] = [head + stride, head + 2 * stride];
  return Buffer.concat([
    stored.subarray(0, head),
    ...[stored.subarray(one, other), stored.subarray(head, one), stored.subarray(other)],
  ]);
}

/** The first piece of a chunking once more in the place of the second. */
export function replayed({ head, stride }: Chunking, stored: Uint8Array): Uint8Array {
  const changed = Buffer.from(stored);
  changed.copyWithin(head + stride, head, head + stride);
  return changed;
}
