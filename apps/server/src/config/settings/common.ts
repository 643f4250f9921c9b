import * as z from 'zod';
import { bucketList, onOff, path, workerCount } from '../fields.ts';
import { listenAddressOrOff } from '../listen-address.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const heading = 'Common options';

export const commonSettings = {
  data: {
    schema: path.default('./data'),
    heading,
    value: 'DIR',
    description: 'data directory',
    ofPlace: true,
    use: own.place,
  },
  keys: {
    schema: path.optional(),
    heading,
    value: 'DIR',
    description: 'directory of keyring.json and root.key, outside the data directory',
    default: '<data>-keys',
    ofPlace: true,
    use: own.place,
  },
  listen: {
    schema: listenAddressOrOff.default({ host: '127.0.0.1', port: 8920 }),
    heading,
    value: 'HOST:PORT|off',
    description: 'HTTP listener; port 0 takes a free one',
    use: own.listen,
  },
  consoleListen: {
    schema: listenAddressOrOff.optional(),
    heading,
    value: 'HOST:PORT|off',
    description: 'listener of the web console; HTTPS where TLS is on',
    default: '127.0.0.1:8922',
    use: own.console,
  },
  devTls: {
    schema: onOff.default(false),
    heading,
    description: 'HTTPS with a self-made certificate, kept in <data>-tls',
    use: own.https,
  },
  bucket: {
    schema: bucketList.default([]),
    heading,
    value: 'NAME[:SSE-B2]',
    repeatable: true,
    description:
      'make this private bucket if it does not exist; with :SSE-B2 it encrypts by default; may be given again',
    use: 'own',
  },
  memory: {
    schema: onOff.default(false),
    heading,
    description: 'keep everything in memory, for tests: no file is read or made, and all is gone when the server ends',
    use: 'own',
  },
  encryptByDefault: {
    schema: onOff.default(false),
    heading,
    description:
      'encrypt every new file with SSE-B2 that does not ask for SSE-C, as B2 does since 2026: a bucket cannot be ' +
      'without a default; when off, new files of a bucket without a default are not encrypted',
    use: 'storage',
  },
  workers: {
    schema: workerCount.default(1),
    heading,
    value: 'N|auto',
    description:
      'processes that serve clients; auto: as many as there are cores. SIGHUP restarts two or more one by one',
    use: own.workers,
  },
  logLevel: {
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
    heading,
    value: 'LEVEL',
    description: 'trace, debug, info, warn, error, fatal or silent',
    use: 'own',
  },
  logFormat: {
    schema: z.enum(['pretty', 'json'], { error: 'must be pretty or json' }).optional(),
    heading,
    value: 'pretty|json',
    description: 'form of the log on stderr',
    default: 'pretty on a terminal, otherwise json',
    use: 'own',
  },
} as const satisfies Settings;
