import { onOff, share, wholeNumber } from '../fields.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

/** With a longer latency, clients give up before the server answers. */
const longestTestLatencyMs = 600_000;
const heading = 'Tests of clients';

export const testsSettings = {
  testMode: {
    schema: onOff.default(false),
    heading,
    description: 'fail on purpose where a request asks for it with X-Bz-Test-Mode, for tests of clients',
    use: own.testMode,
  },
  testLatencyMs: {
    schema: wholeNumber(0, longestTestLatencyMs).optional(),
    heading,
    value: 'MILLISECONDS',
    description: 'in test mode, delay every upload by so much',
    default: '0',
    use: own.testMode,
  },
  testUploadFailureRate: {
    schema: share.optional(),
    heading,
    value: 'SHARE',
    description: 'in test mode, answer that share of all uploads with 503, from 0 to 1',
    default: '0',
    use: own.testMode,
  },
} as const satisfies Settings;
