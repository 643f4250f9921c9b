import { HeaderList } from '@coffer/http';
import { describe, expect, it } from 'vitest';
import { addressRanges } from './addresses.ts';
import { forwardedClient, parseForwarded } from './forwarded.ts';

const isTrusted = addressRanges(['10.0.0.0/8', 'fd00::/8']);
const clientIn = (headers: Record<string, string | readonly string[]>) =>
  forwardedClient(HeaderList.from(headers), isTrusted);
const client = (address: string | undefined, secure?: boolean) => ({ kind: 'client', hop: { address, secure } });

describe('the client behind trusted proxies', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['203.0.113.9, 192.0.2.1, 10.0.0.2, 10.0.0.3', '192.0.2.1'],
    ['10.0.0.9, 10.0.0.3', '10.0.0.9'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['junk, 192.0.2.1', '192.0.2.1'],
    ['192.0.2.1, junk, 10.0.0.2', undefined],
  ])('in X-Forwarded-For: %s', (line, address) => {
    expect(clientIn({ 'X-Forwarded-For': line })).toEqual(client(address));
  });

  it.each([
    ['for=192.0.2.1', '192.0.2.1', undefined],
    ['For="[2001:db8::1]:4711";Proto=HTTPS, for=10.0.0.2;proto=http', '2001:db8::1', true],
    ['for=203.0.113.9;proto=https, for=192.0.2.1;proto=http;by=10.0.0.1', '192.0.2.1', false],
    ['for=unknown', undefined, undefined],
    ['for="_hidden, not \\" two", for=10.0.0.2', undefined, undefined],
  ])('in Forwarded: %s', (line, address, secure) => {
    expect(clientIn({ Forwarded: line })).toEqual(client(address, secure));
  });

  it('is read over several lines', () => {
    expect(clientIn({ 'X-Forwarded-For': ['203.0.113.9', '192.0.2.1', '10.0.0.2'] })).toEqual(client('192.0.2.1'));
    expect(clientIn({ Forwarded: ['for=192.0.2.1', 'for=10.0.0.2'] })).toEqual(client('192.0.2.1'));
  });

  it.each([
    ['https', true],
    ['http', false],
    ['http, https', true],
  ])('came over %s, as X-Forwarded-Proto says', (protocol, secure) => {
    const headers = { 'X-Forwarded-For': '203.0.113.9, 192.0.2.1', 'X-Forwarded-Proto': protocol };
    expect(clientIn(headers)).toEqual(client('192.0.2.1', secure));
  });

  it('is nobody else where the headers are not there, or empty', () => {
    expect(clientIn({})).toEqual({ kind: 'none' });
    expect(clientIn({ 'X-Forwarded-For': ' , ' })).toEqual({ kind: 'none' });
  });

  it('is unclear where two headers name two, and not where they agree', () => {
    const headers = { Forwarded: 'for=192.0.2.1;proto=https', 'X-Forwarded-For': '192.0.2.1' };
    expect(clientIn(headers)).toEqual(client('192.0.2.1', true));
    expect(clientIn({ ...headers, 'X-Forwarded-For': '192.0.2.2' })).toEqual({ kind: 'unclear' });
  });
});

it.each(['', 'for', 'for=', 'for="192.0.2.1', 'for=192.0.2.1 proto=https', 'for=192.0.2.1,', '=x', 'for=a b'])(
  '%j is malformed',
  (line) => {
    expect(parseForwarded(line)).toBe('malformed');
    expect(clientIn({ Forwarded: line })).toEqual({ kind: 'unclear' });
  },
);
