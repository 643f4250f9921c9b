import { describe, expect, it } from 'vitest';
import { customerKey } from '../model/customer-key.ts';
import type { Expectation } from '../model/expectation.ts';
import { Answer } from '../wire/answer.ts';
import { judge } from './judge.ts';
import { Scope } from './scope.ts';

const run = { bucket: 'box', bucketId: 'id', accountId: 'me', minimumPart: 10 };
const answerOf = (status: number, body = '', headers: Readonly<Record<string, string>> = {}) =>
  new Answer({ status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) });
const problems = (answer: Answer, expected: Expectation) => judge(answer, expected, new Scope(run, 'b2/some/case'));

const json = answerOf(400, '{"code":"bad_request","a":{"n":10,"b":null,"list":[{"c":"box"}]}}', { etag: '"1"' });
const xml = answerOf(403, '<Error><Code>AccessDenied</Code><In><Deep>er</Deep></In></Error>');

describe('finds nothing wrong with', () => {
  it.each<[string, Answer, Expectation]>([
    ['any success', answerOf(204), {}],
    ['one of several statuses', xml, { status: [400, 403], code: ['AccessDenied', 'Other'] }],
    ['the code of JSON', json, { status: 400, code: 'bad_request' }],
    [
      'a path of JSON',
      json,
      { status: 400, json: { 'a.b': null, 'a.list.0.c': '{{bucket}}', 'a.none': { absent: true } } },
    ],
    ['a path of XML', xml, { status: 403, xml: { 'In.Deep': { oneOf: ['er', 'est'] } } }],
    ['a header', json, { status: 400, headers: { etag: { shape: '"\\d"' }, other: { absent: true } } }],
    ['an end without an answer', answerOf(0), { status: 400, orClosed: true }],
    ['a number that a template is', json, { status: 400, json: { 'a.n': '{{minimumPart}}' } }],
    ['the body of an error that may come instead', json, { status: [200, 400], body: { content: { text: 'x' } } }],
    ['another value', json, { status: 400, headers: { etag: { not: '"2"' } } }],
    ['a range of a content', answerOf(206, 'cde'), { body: { content: { text: 'abcdefgh' }, from: 2, to: 4 } }],
  ])('%s', (_, answer, expected) => {
    expect(problems(answer, expected)).toEqual([]);
  });
});

const leakOf = (name: string) => `the answer contains customer key ${name}`;
const any: Expectation = { status: 400 };
const escapedKey = customerKey('A').key.replace(/./gu, (one) => `&#x${one.charCodeAt(0).toString(16)};`);

describe('says what is wrong with', () => {
  it.each<[string, Answer, Expectation, string]>([
    ['a status', json, { status: 403 }, 'status is 400 (bad_request), expected 403'],
    ['no success', json, {}, 'status is 400 (bad_request), expected a success'],
    ['an escape', answerOf(400, '{"code":"a\\u001b[2J"}'), {}, 'status is 400 (a\\u{1b}[2J), expected a success'],
    ['an end', answerOf(0), { status: [400, 403] }, 'the connection was closed without an answer'],
    ['a code', json, { status: 400, code: 'other' }, 'error code is bad_request, expected other'],
    [
      'a header that is missing',
      json,
      { status: 400, headers: { range: 'x' } },
      'header range is missing, expected "x"',
    ],
    [
      'a header that is there',
      json,
      { status: 400, headers: { etag: { absent: true } } },
      'header etag is "\\"1\\"", expected none',
    ],
    ['null that is missing', json, { status: 400, json: { 'a.c': null } }, 'JSON field a.c is missing, expected null'],
    ['a short body', answerOf(200, 'ab'), { body: { content: { text: 'abc' } } }, 'body has 2 bytes, expected 3'],
    [
      'another body',
      answerOf(200, 'abd'),
      { body: { content: { text: 'abc' } } },
      'body differs from what was written, first at byte 2 of 3',
    ],
    ['a key in a header', answerOf(200, '', { x: customerKey('B').key }), {}, 'the answer contains customer key B'],
    ['a key in hex', answerOf(200, Buffer.from(customerKey('A').key, 'base64').toString('hex')), {}, leakOf('A')],
    ['a key with escapes', answerOf(200, `<K>${escapedKey}</K>`), {}, leakOf('A')],
    [
      'a key within base64',
      answerOf(400, Buffer.from(`id:${customerKey('A').key}`).toString('base64')),
      any,
      leakOf('A'),
    ],
    [
      'a key in the name of a header',
      answerOf(200, '', { [customerKey('B').key.toLowerCase()]: 'x' }),
      {},
      leakOf('B'),
    ],
    ['a key far in a long body', answerOf(200, `${'x'.repeat(100_000)}${customerKey('A').key}`), {}, leakOf('A')],
    ['a key in a very long body', answerOf(200, `${'x'.repeat(1_200_000)}${customerKey('A').key}`), {}, leakOf('A')],
    ['a key in a body', answerOf(200, `{"k":"${customerKey('A').key}"}`), {}, 'the answer contains customer key A'],
  ])('%s', (_, answer, expected, problem) => {
    expect(problems(answer, expected)).toEqual([problem]);
  });
});
