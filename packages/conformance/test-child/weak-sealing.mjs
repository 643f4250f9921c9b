// Ways to store content, sound and weak, for weak-server.mjs. Each is named by its weakness; `none` has none.
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

const chunkSize = 16_384;
const tagSize = 16;

/** Seals in chunks that are bound to their place, to the end and to a context. */
const bound = {
  seal: (content, key, context, salt = randomBytes(16)) => {
    const own = createHmac('sha256', key).update(salt).update(context).digest();
    const count = Math.max(1, Math.ceil(content.length / chunkSize));
    const chunks = Array.from({ length: count }, (_, index) => {
      const cipher = createCipheriv('aes-256-gcm', own, nonceOf(index, index === count - 1));
      const sealed = cipher.update(content.subarray(index * chunkSize, (index + 1) * chunkSize));
      return Buffer.concat([sealed, cipher.final(), cipher.getAuthTag()]);
    });
    return Buffer.concat([salt, ...chunks]);
  },
  open: (stored, key, context, { verify = true } = {}) => {
    const own = createHmac('sha256', key).update(stored.subarray(0, 16)).update(context).digest();
    const chunks = [];
    const stride = chunkSize + tagSize;
    for (let at = 16, index = 0; at < stored.length || index === 0; at += stride, index++) {
      const chunk = stored.subarray(at, at + stride);
      if (chunk.length < tagSize) throw new Error('cut off');
      const decipher = createDecipheriv('aes-256-gcm', own, nonceOf(index, at + stride >= stored.length));
      decipher.setAuthTag(chunk.subarray(-tagSize));
      chunks.push(decipher.update(chunk.subarray(0, -tagSize)));
      if (verify) decipher.final();
    }
    return Buffer.concat(chunks);
  },
};

function nonceOf(index, last) {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

const counterMode = (ivOf) => ({
  seal: (content, key) => {
    const iv = ivOf(content);
    return Buffer.concat([iv, createCipheriv('aes-256-ctr', key, iv).update(content)]);
  },
  open: (stored, key) => createDecipheriv('aes-256-ctr', key, stored.subarray(0, 16)).update(stored.subarray(16)),
});

const withContext = (contextOf) => ({
  seal: (content, key, context) => bound.seal(content, key, contextOf(context)),
  open: (stored, key, context) => bound.open(stored, key, contextOf(context)),
});

const magic = Buffer.from('SEALED01');

/** By weakness. A context is `bucket/key`, version, part and blob, separated by line ends. */
export const sealings = {
  none: bound,
  plaintext: { seal: (content) => content, open: (stored) => stored },
  'fixed-iv': {
    seal: (content, key) => createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(content),
    open: (stored, key) => createDecipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(stored),
  },
  'no-tag': counterMode(() => randomBytes(16)),
  convergent: {
    seal: (content, key) => bound.seal(content, key, '', createHash('md5').update(content).digest()),
    open: (stored, key) => bound.open(stored, key, ''),
  },
  'code-book': {
    seal: (content, key) => {
      const cipher = createCipheriv('aes-256-ecb', key, null);
      return Buffer.concat([cipher.update(content), cipher.final()]);
    },
    open: (stored, key) => {
      const decipher = createDecipheriv('aes-256-ecb', key, null);
      return Buffer.concat([decipher.update(stored), decipher.final()]);
    },
  },
  'loose-chunks': {
    seal: (content, key) => {
      const chunks = [];
      for (let at = 0; at < content.length; at += chunkSize) {
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', key, nonce);
        const sealed = cipher.update(content.subarray(at, at + chunkSize));
        chunks.push(nonce, sealed, cipher.final(), cipher.getAuthTag());
      }
      return Buffer.concat(chunks);
    },
    open: (stored, key) => {
      const chunks = [];
      for (let at = 0; at < stored.length; at += 12 + chunkSize + tagSize) {
        const chunk = stored.subarray(at, at + 12 + chunkSize + tagSize);
        const decipher = createDecipheriv('aes-256-gcm', key, chunk.subarray(0, 12));
        decipher.setAuthTag(chunk.subarray(-tagSize));
        chunks.push(decipher.update(chunk.subarray(12, -tagSize)), decipher.final());
      }
      return Buffer.concat(chunks);
    },
  },
  'unbound-files': withContext(() => ''),
  'unbound-versions': withContext((context) => context.split('\n')[0]),
  'unbound-attempts': withContext((context) => context.split('\n').slice(0, 3).join('\n')),
  'unverified-ranges': {
    seal: bound.seal,
    open: (stored, key, context, ranged) => bound.open(stored, key, context, { verify: !ranged }),
  },
  'accepts-plain': {
    seal: (content, key, context) => Buffer.concat([magic, bound.seal(content, key, context)]),
    open: (stored, key, context) =>
      stored.subarray(0, magic.length).equals(magic) ? bound.open(stored.subarray(magic.length), key, context) : stored,
  },
};
