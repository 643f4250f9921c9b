import * as z from 'zod';
import { wholeNumber } from '../fields.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

/** Inline blobs stay small, since a record is always read together with its inline blob. */
const largestInlineThreshold = 1024 ** 2;
/** A year. */
const longestScrubInterval = 31_536_000;
const longestQuarantineDays = 3_650;
/** Three weeks: a timer of Node takes 24 days at most. */
const longestLifecycleInterval = 1_814_400;
const engineNames = ['auto', 'native', 'typescript'] as const;
const heading = 'Storage and its upkeep';

export const upkeepSettings = {
  inlineThreshold: {
    schema: wholeNumber(0, largestInlineThreshold).default(65_536),
    heading,
    value: 'BYTES',
    description: 'files up to this size are kept in the metadata store',
    use: 'storage',
  },
  engine: {
    schema: z.enum(engineNames).default('auto'),
    heading,
    value: engineNames.join('|'),
    description:
      'what encrypts data: native code, TypeScript, or (auto) native code where it is there; all write the same bytes',
    use: 'own',
  },
  lifecycleInterval: {
    schema: wholeNumber(0, longestLifecycleInterval).default(86_400),
    heading,
    value: 'SECONDS',
    description: 'time between two applications of lifecycle rules in the background; 0 turns them off',
    use: 'own',
  },
  scrubInterval: {
    schema: wholeNumber(0, longestScrubInterval).default(0),
    heading,
    value: 'SECONDS',
    description: 'time between two verifications of all that is stored, in the background; 0 turns them off',
    use: own.scrub,
  },
  scrubRate: {
    schema: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(10_000_000),
    heading,
    value: 'BYTES',
    description: 'bytes of blobs read per second, at most, by these verifications',
    use: own.scrub,
  },
  quarantineDays: {
    schema: wholeNumber(1, longestQuarantineDays).default(7),
    heading,
    value: 'N',
    description: 'days that blobs which no file names stay in quarantine before they are removed',
    use: own.quarantine,
  },
} as const satisfies Settings;
