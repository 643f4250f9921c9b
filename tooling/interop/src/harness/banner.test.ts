import { expect, test } from 'vitest';
import { parseBanner } from './banner.ts';

const lines = '# Keys\nexport B2_APPLICATION_KEY=K1\n\n# curl\ncurl -u "$A:$B" http://127.0.0.1:1/b2api\n';
const facts = `Coffer 0.0.0 is ready.

  HTTP        http://127.0.0.1:1
  HTTPS       https://127.0.0.1:2
  Certificate /d-tls/cert.pem
  Admin       http://127.0.0.1:3  (/healthz, /readyz, /metrics)
  Key id      0123
`;

test('a first start names endpoints, key and lines to paste', () => {
  expect(parseBanner(`${facts}  Key         K1\n\n${lines}`)).toEqual({
    http: 'http://127.0.0.1:1',
    https: 'https://127.0.0.1:2',
    admin: 'http://127.0.0.1:3',
    certificate: '/d-tls/cert.pem',
    keyId: '0123',
    key: 'K1',
    clientLines: lines,
  });
});

test('a later start prints no key', () => {
  expect(parseBanner(`${facts}  Key         shown by: coffer keys show-master\n\n${lines}`)?.key).toBeUndefined();
});

test('half a banner is none', () => {
  expect(parseBanner(facts)).toBeUndefined();
  expect(parseBanner(`${facts}\n${lines.slice(0, -1)}`)).toBeUndefined();
});
