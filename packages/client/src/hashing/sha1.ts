/** A SHA-1 that data passes through in pieces. */
interface RunningSha1 {
  /** Takes the next piece; keeps nothing of it. */
  update(piece: Uint8Array): void;
  /** The digest in lower-case hexadecimal; afterwards the object is of no more use. */
  hex(): string;
}

/** Begins a SHA-1. */
export type StartSha1 = () => RunningSha1;
