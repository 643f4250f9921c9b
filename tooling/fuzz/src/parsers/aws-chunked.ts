import { collect, SecretString } from '@coffer/bytes';
import { openPayload, signRequest, SigV4Error, type HeaderPair } from '@coffer/sigv4';
import fc from 'fast-check';
import { garble, type Signing } from '../raw-http.ts';
import { chunks } from '../s3/sign.ts';
import { outcomeOf, parserTarget, requireSame, streamed, verdictOf, Broken } from './parser-target.ts';

type Mode = 'signed-chunks' | 'signed-trailer' | 'unsigned-trailer';

const request = { method: 'PUT', target: '/b/k', headers: [['Host', 'coffer.test']] } as const;
const trailer = ['x-amz-checksum-crc32', 'NhCmhg=='] as const;
const limit = 100_000;

const inputs = fc.record({
  mode: fc.constantFrom<Mode>('signed-chunks', 'signed-trailer', 'unsigned-trailer'),
  data: fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  garblings: fc.array(
    fc.record({
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(6),
      insert: fc.oneof(
        fc.constantFrom(
          '',
          '\r\n',
          '\n',
          '0',
          'ffffffffffff',
          ';chunk-signature=',
          'x-amz-trailer-signature:',
          ':',
          '\u00ff',
        ),
        fc.string({ unit: 'binary-ascii', maxLength: 5 }),
      ),
    }),
    { maxLength: 3 },
  ),
  announced: fc.oneof(
    { weight: 6, arbitrary: fc.constant('right') },
    fc.constantFrom('0', '1', '-1', '', '9'.repeat(16), '0x5'),
  ),
  size: fc.integer({ min: 1, max: 50 }),
});

/**
 * A body in chunks is decoded alike in whatever pieces it comes. Data of the announced length comes out of it, and
 * where the chunks are signed no other data than was signed.
 */
export const awsChunkedTarget = parserTarget(
  'aws-chunked',
  inputs,
  async ({ mode, data, garblings, announced, size }) => {
    const encoded = await chunks(Buffer.from(data, 'latin1'), { payload: mode, ...trailerOf(mode) }, freshChain(mode));
    const body = garblings.reduce(garble, encoded);
    const length = announced === 'right' ? String(Buffer.from(data, 'latin1').length) : announced;
    const whole = await outcomeOf(SigV4Error, () => decoded(mode, length, body, Math.max(1, body.length)));
    const inPieces = await outcomeOf(SigV4Error, () => decoded(mode, length, body, size));
    requireSame(whole, inPieces, 'aws-chunked in one piece and in many');
    const [text] = whole.value ?? [];
    if (text !== undefined && String(text.length) !== length) throw new Broken(`${text.length} bytes, not ${length}`);
    if (text !== undefined && mode !== 'unsigned-trailer' && text !== data)
      throw new Broken('data that was not signed');
    return verdictOf(whole);
  },
);

/** The data as Latin-1 text, and the trailers. */
async function decoded(mode: Mode, length: string, body: string, size: number) {
  const headers: HeaderPair[] = [['x-amz-decoded-content-length', length]];
  if (mode !== 'signed-chunks') headers.push(['x-amz-trailer', trailer[0]]);
  const payload = { kind: 'aws-chunked', trailer: mode !== 'signed-chunks', signatures: freshChain(mode) } as const;
  const opened = openPayload({ headers, payload }, streamed(body, size));
  const data = await collect(opened.stream, limit);
  return [Buffer.from(data).toString('latin1'), opened.trailers()] as const;
}

const trailerOf = (mode: Mode): Pick<Signing, 'trailer'> => (mode === 'signed-chunks' ? {} : { trailer });

/** The chain of signatures of one request, always from its start. */
function freshChain(mode: Mode) {
  const payload = {
    kind: 'aws-chunked',
    signed: mode !== 'unsigned-trailer',
    trailer: mode !== 'signed-chunks',
  } as const;
  const secret = SecretString.of('the secret of a parser target');
  const { signatures } = signRequest(request, { accessKeyId: 'k', secret, region: 'us-east-1', payload, now: 0 });
  secret.wipe();
  return signatures;
}
