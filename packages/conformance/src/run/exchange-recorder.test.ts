import { describe, expect, it } from 'vitest';
import { ConformanceError } from '../model/conformance-error.ts';
import { customerKey } from '../model/customer-key.ts';
import type { WireAnswer, WireRequest } from '../wire/transport.ts';
import { ExchangeRecorder } from './exchange-recorder.ts';

const nothing = new Uint8Array();
const get: WireRequest = { method: 'GET', origin: 'http://a.example', target: '/f', headers: [], body: nothing };
const accountKey = 'K005-the-key-of-the-account';

async function recorded(request: Partial<WireRequest>, answer: Partial<WireAnswer> = {}) {
  const send = () => Promise.resolve({ status: 200, headers: new Map<string, string>(), body: nothing, ...answer });
  const recorder = new ExchangeRecorder(send, [accountKey]);
  await recorder.send({ ...get, ...request });
  const [exchange] = recorder.exchanges();
  return { recorder, request: exchange?.request, answer: exchange?.answer };
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Gives the whole request back, in every way that comes to mind. */
function echoOf({ target, headers, body }: WireRequest): WireAnswer {
  const text = `${target}\n${headers.join('\n')}\n${Buffer.from(body).toString()}\n${accountKey}`;
  const bytes = Buffer.from(text);
  const lines = ['base64', 'base64url', 'hex', 'utf8'].map((form) => [form, bytes.toString(form as 'hex')] as const);
  const encoded = [text, encodeURIComponent(text), ...lines.map(([, line]) => line)];
  return { status: 400, headers: new Map([...lines, ['x-url', encodeURIComponent(text)]]), body: json(encoded) };
}

describe('an endpoint that gives everything back', () => {
  const { key, md5 } = customerKey('A');
  const requests: readonly [string, readonly string[], Partial<WireRequest>][] = [
    ['a session', ['4_token_of_session'], { headers: [['Authorization', '4_token_of_session']] }],
    [
      'the key of the account',
      [accountKey, Buffer.from(`id:${accountKey}`).toString('base64')],
      { headers: [['Authorization', `Basic ${Buffer.from(`id:${accountKey}`).toString('base64')}`]] },
    ],
    [
      'a signature in headers',
      ['0123456789abcdef0123', 'AKID/20260101/r/s3/aws4_request'],
      {
        headers: [
          [
            'authorization',
            'AWS4-HMAC-SHA256 Credential=AKID/20260101/r/s3/aws4_request, SignedHeaders=host, Signature=0123456789abcdef0123',
          ],
          ['x-amz-security-token', 'a-security-token'],
        ],
      },
    ],
    [
      'a signature in the query',
      ['0123456789abcdef0123', 'AKID%2F2026%2Fr', 'AKID/2026/r'],
      { target: '/b/k?X-Amz-Credential=AKID%2F2026%2Fr&X-Amz-Signature=0123456789abcdef0123&partNumber=1' },
    ],
    ['a token in the query', ['4_download_token'], { target: '/file/b/k?Authorization=4_download_token' }],
    [
      'a customer key in headers',
      [key, Buffer.from(key, 'base64').toString('hex')],
      {
        headers: [
          ['x-amz-server-side-encryption-customer-key', key],
          ['X-Bz-Server-Side-Encryption-Customer-Key-Md5', md5],
        ],
      },
    ],
    [
      'a customer key in JSON',
      [key],
      { body: json({ sourceServerSideEncryption: { mode: 'SSE-C', customerKey: key, customerKeyMd5: md5 } }) },
    ],
    [
      'a signature in a form',
      ['0123456789abcdef0123'],
      {
        body: Buffer.from(
          '--x\r\nContent-Disposition: form-data; name="x-amz-signature"\r\n\r\n0123456789abcdef0123\r\n',
        ),
      },
    ],
  ];

  it.each(requests)('does not get %s into a report', async (_, secrets, request) => {
    const whole = { ...get, ...request };
    const { recorder } = await recorded(request, echoOf(whole));
    const report = JSON.stringify(recorder.exchanges());
    for (const secret of [...secrets, accountKey]) {
      const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
      const inner = Buffer.from(secret).toString('base64').slice(2, -4);
      for (const form of [...forms, inner, Buffer.from(secret).toString('hex')]) expect(report).not.toContain(form);
    }
    expect(report).toContain('[redacted');
    expect(recorder.redact(`said: ${secrets.join(' ')}`)).toMatch(/^said: (?:\[redacted\] ?)+/);
  });
});

it('keeps what is no secret: the MD5 of a customer key, names, the rest of a query', async () => {
  const { request } = await recorded({
    target: '/b/k?X-Amz-Signature=0123456789abcdef&partNumber=1',
    headers: [['x-bz-server-side-encryption-customer-key-md5', 'tmFtZQ==']],
    body: json({ applicationKeyId: '005id', keyName: 'name', customerKeyMd5: 'tmFtZQ==' }),
  });
  expect(request).toEqual({
    method: 'GET',
    url: 'http://a.example/b/k?X-Amz-Signature=[redacted]&partNumber=1',
    line: null,
    headers: [['x-bz-server-side-encryption-customer-key-md5', 'tmFtZQ==']],
    body: {
      ...{ bytes: 73, encoding: 'text', cut: false },
      shown: '{"applicationKeyId":"005id","keyName":"name","customerKeyMd5":"tmFtZQ=="}',
    },
  });
});

it('takes out what an answer gives, there and in all others of the case', async () => {
  const given = { authorizationToken: '3_upload/token', applicationKey: 'K005new\u002fkey', uploadUrl: 'http://u' };
  const answers = [
    json({ echo: 'not known yet: 3_upload/token' }),
    json(given),
    Buffer.from('it was 3_upload%2Ftoken'),
  ];
  const send = () =>
    Promise.resolve({ status: 200, headers: new Map<string, string>(), body: answers.shift() ?? nothing });
  const recorder = new ExchangeRecorder(send, []);
  for (const step of [1, 2, 3]) {
    recorder.step = step;
    await recorder.send(get);
  }
  expect(recorder.exchanges().map(({ step, answer }) => [step, answer?.body.shown])).toEqual([
    [1, '{"echo":"not known yet: [redacted]"}'],
    [2, '{"authorizationToken":"[redacted]","applicationKey":"[redacted]","uploadUrl":"http://u"}'],
    [3, 'it was [redacted]'],
  ]);
});

it('cuts bodies, and shows those that are no text in hex', async () => {
  const text = await recorded({}, { body: Buffer.from('é'.repeat(5000)) });
  expect(text.answer?.body).toMatchObject({ bytes: 10_000, encoding: 'text', cut: true });
  expect(text.answer?.body.shown).toBe('é'.repeat(1024));
  const binary = await recorded({ body: Buffer.alloc(300, 0xfe) });
  expect(binary.request?.body).toEqual({ bytes: 300, encoding: 'hex', shown: 'fe'.repeat(256), cut: true });
});

it('keeps no more than the last exchanges, and of each no more than what it may show', async () => {
  const send = () =>
    Promise.resolve({ status: 200, headers: new Map([['x', 'y'.repeat(60_000)]]), body: Buffer.alloc(1 << 20, 97) });
  const recorder = new ExchangeRecorder(send, []);
  for (recorder.step = 1; recorder.step <= 60; recorder.step++) await recorder.send(get);
  const exchanges = recorder.exchanges();
  expect([exchanges.length, exchanges[0]?.step]).toEqual([50, 11]);
  expect(JSON.stringify(exchanges).length).toBeLessThan(50 * 4_000);
});

it('cuts a sentence that is very long, and shows no part of a secret at its end', () => {
  const recorder = new ExchangeRecorder(() => Promise.reject(new RangeError('nothing is sent')), [accountKey]);
  const shown = recorder.redact(`${'x'.repeat(1015)}${accountKey}${'y'.repeat(1_000_000)}`);
  expect(shown).toBe(`${'x'.repeat(1015)}[redacted]...`);
  expect(recorder.redact(`short: ${accountKey}`)).toBe('short: [redacted]');
});

it('says why there was no answer, without the secret', async () => {
  const send = () => Promise.reject(new ConformanceError('connection', `cut off\u001b[2J at ${accountKey}`));
  const recorder = new ExchangeRecorder(send, [accountKey]);
  await expect(recorder.send(get)).rejects.toThrow('cut off');
  expect(recorder.exchanges()).toMatchObject([{ answer: null, failure: 'cut off\\u{1b}[2J at [redacted]' }]);
});

it('shows a request that was sent byte by byte as it was sent, without the secrets that only it has', async () => {
  const [a, b] = [customerKey('A').key, customerKey('B').key];
  const lines = [
    'GET /b/k?X-Amz-Signature=0123456789abcdef HTTP/1.1',
    'Host: h',
    'no colon',
    `x-amz-customer-key: ${b}`,
  ];
  const raw = { head: `${lines.join('\n')}\r\n\r\n`, body: Buffer.from(`some ${b}`), closes: true };
  const { request, answer } = await recorded(
    { headers: [['x-amz-customer-key', a]], body: Buffer.from('other'), raw },
    { body: Buffer.from(`${a} ${b}`) },
  );
  expect(request?.line).toMatch(/^GET \/b\/k\?X-Amz-Signature=\[redacted\]/);
  expect(request?.headers).toEqual([
    ['Host', 'h'],
    ['no colon', ''],
    ['x-amz-customer-key', '[redacted, 44 characters]'],
  ]);
  expect(request?.body).toMatchObject({ bytes: 49, shown: 'some [redacted]' });
  expect(answer?.body.shown).toBe('[redacted] [redacted]');
});
