import { originUrl, path, rangeList } from '../fields.ts';
import { listenAddress, listenAddressOrOff } from '../listen-address.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

const heading = 'Addresses and TLS';

export const addressesSettings = {
  httpsListen: {
    schema: listenAddress.optional(),
    heading,
    value: 'HOST:PORT',
    description: 'HTTPS listener',
    default: '127.0.0.1:8943 where TLS is on',
    use: own.https,
  },
  tlsCert: {
    schema: path.optional(),
    heading,
    value: 'FILE',
    description: 'certificate chain, PEM',
    use: own.https,
  },
  tlsKey: {
    schema: path.optional(),
    heading,
    value: 'FILE',
    description: 'private key of the certificate, PEM',
    use: own.https,
  },
  publicUrl: {
    schema: originUrl.optional(),
    heading,
    value: 'URL',
    description: 'origin that clients are told to use, for a server behind a proxy',
    default: "from the request's Host header",
    use: 'own',
  },
  trustedProxy: {
    schema: rangeList.default([]),
    heading,
    value: 'CIDR',
    repeatable: true,
    description: 'believe Forwarded and X-Forwarded-For headers from this proxy; may be given again',
    use: 'own',
  },
  adminListen: {
    schema: listenAddressOrOff.default({ host: '127.0.0.1', port: 8921 }),
    heading,
    value: 'HOST:PORT|off',
    description: 'listener of /healthz, /readyz and /metrics',
    use: own.adminListen,
  },
} as const satisfies Settings;
