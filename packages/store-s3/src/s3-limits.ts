/** Time limits in milliseconds, and how often things are tried. */
export interface S3Limits {
  /** For a connection, with its TLS. */
  readonly connect: number;
  /** From sending a request until its answer begins: of requests without much to send or to do. */
  readonly call: number;
  /** The same for requests that send a part, or have the store put together or copy an object. */
  readonly longCall: number;
  /** For the next bytes of an object that is read, while somebody waits for them. */
  readonly idle: number;
  /** For memory, when very many large blobs are written at once. */
  readonly memory: number;
  /** How often a request is sent in all; never again when twice its time limit has passed. */
  readonly attempts: number;
  /** The longest pause between two attempts; the first one is a thirtieth of it. */
  readonly pause: number;
  /** How often in a row a read is taken up again without having come any further. */
  readonly resumptions: number;
}

const defaultLimits: S3Limits = {
  connect: 5_000,
  call: 30_000,
  longCall: 300_000,
  idle: 30_000,
  memory: 120_000,
  attempts: 5,
  pause: 3_000,
  resumptions: 4,
};

/**
 * The given limits, and the defaults for the others.
 *
 * @throws RangeError for what is not a positive integer.
 */
export function limitsOf(given: Partial<S3Limits> = {}): S3Limits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits))
    // Node's timers take 32 bits.
    if (!Number.isInteger(value) || value < 1 || value > 0x7fff_ffff)
      throw new RangeError(`The limit ${name} is a positive integer below 2^31`);
  return limits;
}
