import { addressList, onOff, wholeNumber } from '../fields.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

const heading = 'Event notifications';

export const notificationsSettings = {
  webhookAllow: {
    schema: addressList.default([]),
    heading,
    value: 'CIDR|HOST',
    repeatable: true,
    description: 'allow webhooks to this address outside the public Internet, too; may be given again',
    use: own.webhooks,
  },
  webhookAllowHttp: {
    schema: onOff.default(false),
    heading,
    description: 'allow http URLs for webhooks of event notifications',
    use: own.webhooks,
  },
  webhookBacklog: {
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(1_000_000),
    heading,
    value: 'NUMBER',
    description: 'suspend an event notification rule that fails when more events than this wait for it; 0: no limit',
    use: 'own',
  },
} as const satisfies Settings;
