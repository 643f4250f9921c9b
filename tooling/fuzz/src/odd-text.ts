import fc from 'fast-check';
import { customerKey } from './stage.ts';

const nasty = fc.constantFrom(
  ...['', ' ', '+', '%', '%0', '%zz', '%00', '%ff%fe', '%C3%28', '%ED%A0%80', '../../etc/passwd', '//', '/', '.', '\\'],
  ...['bytes=0-', 'bytes=-1', 'bytes=5-1', 'bytes=0-0,2-3', 'bytes=99999999999999999999-', 'bytes=-0', 'lines=1-2'],
  ...['SSE-C', 'SSE-B2', 'AES256', 'none', 'null', customerKey, `${customerKey}=`, customerKey.slice(0, -1), '===='],
  ...['-1', '0', '1e9', '9'.repeat(17), '10001', 'NaN', '0x10', 'true', '{}', '[]', '4_z', '__proto__', 'constructor'],
  ...[
    'x'.repeat(300),
    'x'.repeat(5000),
    'é'.repeat(600),
    '\u0000',
    '\ud800',
    '自由',
    '\u{10400}',
    'Basic Og==',
    'Bearer x',
  ],
);

/** Texts that a parser may stumble over, and random ones. */
export const oddText = fc.oneof({ weight: 3, arbitrary: nasty }, fc.string({ unit: 'binary', maxLength: 40 }));

/** A line of the head must stay one; bytes beyond Latin-1 are sent as UTF-8. */
export function oneLine(text: string): string {
  return Buffer.from(text.replaceAll(/[\r\n]/g, '~')).toString('latin1');
}
