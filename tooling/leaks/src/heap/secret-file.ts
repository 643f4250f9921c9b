import { openSync, writeSync } from 'node:fs';
import { encodeFrame } from '../collect/frames.ts';
import type { SecretSink } from '../collect/watch-secrets.ts';

/** The variable that names the file which the probe writes secrets to. */
export const secretFileVariable = 'COFFER_LEAKS_SECRETS';

/** Writes secrets to a file and keeps none: its own copies must not be what is found in the memory. */
export function secretFile(): SecretSink {
  const path = process.env[secretFileVariable];
  if (path === undefined) throw new Error(`${secretFileVariable} is not set`);
  const descriptor = openSync(path, 'a', 0o600);
  return {
    secret: (bytes, origin) => {
      const frame = encodeFrame({ label: origin(), bytes });
      writeSync(descriptor, frame);
      frame.fill(0);
    },
  };
}
