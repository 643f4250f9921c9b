import type { Source } from '../model/case.ts';
import type { Expectation } from '../model/expectation.ts';
import type { RawStep } from '../model/step.ts';
import { sources } from './sources.ts';

/** A way in which a request is no good HTTP, and what may come of it. */
export interface MalformedRequest {
  readonly id: string;
  readonly about: string;
  readonly requirement: string;
  readonly source: Source;
  readonly changes: Omit<RawStep, 'do' | 'request' | 'expect'>;
  readonly expect: Expectation;
}

/** What is sent in all of these requests. */
export const sentText = 'what is sent';

const refusals = [400, 401, 403, 404, 405, 408, 411, 413, 414, 431, 501, 505] as const;
/** An error status, or an end of the connection; servers close it in different places. */
const refused: Expectation = { status: refusals, orClosed: true };
const refusedOrTaken: Expectation = { status: [200, ...refusals], orClosed: true };
const taken: Expectation = { status: 200 };

/** They must not be taken, whatever they ask for. */
export const refusedRequests: readonly MalformedRequest[] = [
  {
    id: 'words-behind-version',
    about: 'whose first line has a word too many',
    requirement: 'A request whose first line is invalid is refused.',
    source: sources.requestLine,
    changes: { requestLine: '{{method}} {{target}} HTTP/1.1 more' },
    expect: refused,
  },
  {
    id: 'control-character-in-method',
    about: 'whose method has a control character',
    requirement: 'A request whose first line is invalid is refused.',
    source: sources.requestLine,
    changes: { requestLine: '{{method}}\u0001 {{target}} HTTP/1.1' },
    expect: refused,
  },
  {
    id: 'space-in-name',
    about: 'with a space between the name of a header and its colon',
    requirement: 'White space between the name of a header and the colon is refused.',
    source: sources.fieldLines,
    changes: { lines: ['X-Extra : 1'] },
    expect: refused,
  },
  {
    id: 'two-lengths',
    about: 'with two lengths that differ',
    requirement: 'A request with two lengths that differ is refused.',
    source: sources.bodyLength,
    changes: { lines: ['Content-Length: 1'] },
    expect: refused,
  },
  {
    id: 'length-no-number',
    about: 'whose length is no number',
    requirement: 'A request with an invalid length is refused.',
    source: sources.bodyLength,
    changes: { without: ['content-length'], lines: ['Content-Length: 12x'] },
    expect: refused,
  },
  {
    id: 'length-negative',
    about: 'whose length is negative',
    requirement: 'A request with an invalid length is refused.',
    source: sources.bodyLength,
    changes: { without: ['content-length'], lines: ['Content-Length: -12'] },
    expect: refused,
  },
  {
    id: 'no-length',
    about: 'without a length',
    requirement: 'A request without a length has no body, which is not the content that it announces.',
    source: sources.bodyLength,
    changes: { without: ['content-length'] },
    expect: refused,
  },
  {
    id: 'not-chunked',
    about: 'with a transfer coding that does not tell the end',
    requirement: 'A request whose last transfer coding is not chunked is refused, as its end cannot be known.',
    source: sources.bodyLength,
    changes: { without: ['content-length'], lines: ['Transfer-Encoding: gzip'] },
    expect: refused,
  },
  {
    id: 'no-host',
    about: 'without Host',
    requirement: 'A request of HTTP/1.1 without Host is refused.',
    source: sources.host,
    changes: { without: ['host'] },
    expect: refused,
  },
  {
    id: 'two-hosts',
    about: 'with two hosts',
    requirement: 'A request with more than one Host is refused.',
    source: sources.host,
    changes: { lines: ['Host: other.example'] },
    expect: refused,
  },
  {
    id: 'short-body',
    about: 'whose body ends before its length',
    requirement: 'Of a body that is shorter than its length, nothing is stored.',
    source: sources.incomplete,
    changes: { closedAfter: 5 },
    expect: refused,
  },
];

/** It is left to the server whether it takes them; what it stores is what was sent, and it goes on answering. */
export const doubtfulRequests: readonly MalformedRequest[] = [
  {
    id: 'length-and-chunked',
    about: 'with a length and in chunks',
    requirement: 'Of a request with a length that is sent in chunks, the chunks count, or it is refused.',
    source: sources.bodyLength,
    changes: {
      lines: ['Transfer-Encoding: chunked'],
      body: { text: `${sentText.length.toString(16)}\r\n${sentText}\r\n0\r\n\r\n` },
    },
    expect: refusedOrTaken,
  },
  {
    id: 'bare-line-feeds',
    about: 'whose lines end without a carriage return',
    requirement: 'Lines that end with a line feed alone are taken, or refused.',
    source: sources.lineEnds,
    changes: { lineEnd: '\n', closedAfter: sentText.length },
    expect: refusedOrTaken,
  },
  {
    id: 'long-header',
    about: 'with a header of 100,000 letters',
    requirement: 'A header that is longer than a server wishes to read is answered with an error of the client.',
    source: sources.fieldValues,
    changes: { lines: ['X-Extra: {{letters.100000}}'] },
    expect: refusedOrTaken,
  },
  {
    id: 'two-authorizations',
    about: 'with a second authorization, which is wrong',
    requirement: 'A request with two authorizations is taken for one of them, or refused.',
    source: sources.fieldValues,
    changes: { lines: ['Authorization: {{sent.authorization}}0'] },
    expect: refusedOrTaken,
  },
  {
    id: 'lower-case-host',
    about: 'with the name of Host in small letters',
    requirement: 'The names of headers may be written in small or in capital letters.',
    source: sources.fieldValues,
    changes: { without: ['host'], lines: ['hOST: {{sent.host}}'] },
    expect: taken,
  },
];

/** Ways to send a customer key that is none, for the name of its header. */
export function malformedKeyLines(keyHeader: string): readonly MalformedRequest[] {
  return [
    {
      id: 'two-keys',
      about: 'with two customer keys',
      requirement: 'A header that comes twice means both values, which together are no customer key.',
      source: sources.fieldValues,
      changes: { lines: [`${keyHeader}: {{key.B}}`] },
      expect: refused,
    },
    {
      id: 'nul-in-key',
      about: 'with a customer key that has a NUL in it',
      requirement: 'A header with a NUL is refused, or read with a space in its place, which no customer key has.',
      source: sources.fieldValues,
      changes: { without: [keyHeader.toLowerCase()], lines: [`${keyHeader}: {{key.A}}\u0000{{key.A}}`] },
      expect: refused,
    },
  ];
}
