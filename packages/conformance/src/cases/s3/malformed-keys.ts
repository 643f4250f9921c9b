import type { Headers } from '../../model/step.ts';
import { customerKeyHeaders, keyHeaders } from './encryption.ts';

const { algorithm, key, md5 } = customerKeyHeaders;

/** A way to send a customer key wrongly, and the codes with which that is refused. */
export interface MalformedKey {
  readonly id: string;
  readonly about: string;
  readonly headers: Headers;
  readonly codes: readonly string[];
}

const argument = ['InvalidArgument', 'InvalidRequest'];

function without(id: string, header: string): MalformedKey {
  const headers = Object.fromEntries(Object.entries(keyHeaders('A')).filter(([name]) => name !== header));
  return { id: `without-${id}`, about: `without its ${id}`, headers, codes: argument };
}

function changed(id: string, about: string, values: Headers, codes: readonly string[] = argument): MalformedKey {
  return { id, about, headers: { ...keyHeaders('A'), ...values }, codes };
}

export const malformedKeys: readonly MalformedKey[] = [
  without('algorithm', algorithm),
  without('key', key),
  without('md5', md5),
  changed('other-algorithm', 'with an algorithm that there is not', { [algorithm]: 'AES128' }, [
    'InvalidEncryptionAlgorithmError',
    ...argument,
  ]),
  changed('not-base64', 'with a key that is not base64', { [key]: 'this is no base64 of any key at all!' }),
  changed('short-key', 'with a key of 16 bytes', {
    [key]: 'AAECAwQFBgcICQoLDA0ODw==',
    [md5]: 'GsHvAelsrxvg0ykzGk/CqA==',
  }),
  changed('md5-of-other-key', 'with the MD5 of another key', { [md5]: '{{key.B.md5}}' }, [
    ...argument,
    'InvalidDigest',
  ]),
  changed('md5-not-base64', 'with an MD5 that is not base64', { [md5]: '!!!!' }, [...argument, 'InvalidDigest']),
];
