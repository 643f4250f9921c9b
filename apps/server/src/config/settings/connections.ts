import { wholeNumber } from '../fields.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

/** More sockets than a process is commonly allowed to open. */
const mostConnections = 1_000_000;
const heading = 'Connections';

export const connectionsSettings = {
  maxConnections: {
    schema: wholeNumber(1, mostConnections).default(4_096),
    heading,
    value: 'NUMBER',
    description: 'connections at once to each of the HTTP and HTTPS listeners; more are closed at once',
    use: 'own',
  },
  maxConnectionsPerAddress: {
    schema: wholeNumber(1, mostConnections).optional(),
    heading,
    value: 'NUMBER',
    description:
      'connections at once of one address (64 bits of IPv6) to each of these listeners; trusted proxies have no limit',
    default: 'a quarter of --max-connections, at least 64',
    use: own.maxConnectionsPerAddress,
  },
} as const satisfies Settings;
