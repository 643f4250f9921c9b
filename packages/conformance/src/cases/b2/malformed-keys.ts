import type { Headers, Json } from '../../model/step.ts';
import { customerKeyHeaders, keyHeaders, keySetting } from './encryption.ts';

/** A way to send a customer key wrongly, in headers and, where it can be said there, in JSON. */
export interface MalformedKey {
  readonly id: string;
  readonly about: string;
  readonly headers: Headers;
  readonly setting: Readonly<Record<string, Json>>;
}

const { algorithm, key, md5 } = customerKeyHeaders;

function without(id: string, header: string, field: string): MalformedKey {
  const headers = Object.entries(keyHeaders('A')).filter(([name]) => name !== header);
  const setting = Object.entries(keySetting('A')).filter(([name]) => name !== field);
  return {
    id: `without-${id}`,
    about: `without its ${id}`,
    headers: Object.fromEntries(headers),
    setting: Object.fromEntries(setting),
  };
}

function changed(id: string, about: string, header: string, field: string, value: string): MalformedKey {
  return {
    id,
    about,
    headers: { ...keyHeaders('A'), [header]: value },
    setting: { ...keySetting('A'), [field]: value },
  };
}

/** Of 16 bytes, with an MD5 that is right. */
const short = { key: 'AAECAwQFBgcICQoLDA0ODw==', md5: 'GsHvAelsrxvg0ykzGk/CqA==' };
const shortKey: MalformedKey = {
  id: 'short-key',
  about: 'with a key of 16 bytes',
  headers: { ...keyHeaders('A'), [key]: short.key, [md5]: short.md5 },
  setting: { ...keySetting('A'), customerKey: short.key, customerKeyMd5: short.md5 },
};

export const malformedKeys: readonly MalformedKey[] = [
  without('algorithm', algorithm, 'algorithm'),
  without('key', key, 'customerKey'),
  without('md5', md5, 'customerKeyMd5'),
  changed('other-algorithm', 'with an algorithm that there is not', algorithm, 'algorithm', 'AES128'),
  changed('not-base64', 'with a key that is not base64', key, 'customerKey', 'this is no base64 of any key at all!'),
  shortKey,
  changed('md5-of-other-key', 'with the MD5 of another key', md5, 'customerKeyMd5', '{{key.B.md5}}'),
  changed('md5-not-base64', 'with an MD5 that is not base64', md5, 'customerKeyMd5', '!!!!'),
];
