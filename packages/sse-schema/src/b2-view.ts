import * as z from 'zod';
import { algorithm } from './customer-key.ts';
import type { DefaultEncryption, EncryptionView } from './settings.ts';

const aes256 = z.literal(algorithm);

const noneView = z.object({ algorithm: z.null(), mode: z.null() });
const serverView = z.object({ algorithm: aes256, mode: z.literal('SSE-B2') });
const customerView = z.object({ algorithm: aes256, customerKeyMd5: z.string().optional(), mode: z.literal('SSE-C') });

/** `serverSideEncryption` of a file or part in a response. There is no member that could hold a key. */
export const wireEncryptionSchema = z.union([noneView, serverView, customerView]);
/** A file's encryption in a response. Has no place for a key. */
export type WireEncryption = z.output<typeof wireEncryptionSchema>;

/** `defaultServerSideEncryption.value` of a bucket in a response. */
export const wireDefaultEncryptionSchema = z.union([noneView, serverView]);
/** A bucket's default encryption in a response; both members are null where there is none. */
export type WireDefaultEncryption = z.output<typeof wireDefaultEncryptionSchema>;

/** A file's encryption as responses show it. */
export function printB2View(view: EncryptionView): WireEncryption {
  if (view.mode === 'none') return { algorithm: null, mode: null };
  if (view.mode === 'SSE-B2') return { algorithm, mode: 'SSE-B2' };
  const { customerKeyMd5 } = view;
  return customerKeyMd5 === undefined ? { algorithm, mode: 'SSE-C' } : { algorithm, customerKeyMd5, mode: 'SSE-C' };
}

/** An absent member means unencrypted: the service sent none before March 2021, and sends none for hide markers. */
export function readB2View(wire: WireEncryption | null | undefined): EncryptionView {
  if (wire?.mode === 'SSE-B2') return { mode: 'SSE-B2' };
  if (wire?.mode !== 'SSE-C') return { mode: 'none' };
  const { customerKeyMd5 } = wire;
  return customerKeyMd5 === undefined ? { mode: 'SSE-C' } : { mode: 'SSE-C', customerKeyMd5 };
}

/** A bucket's default encryption as responses show it. */
export function printB2DefaultView(value: DefaultEncryption): WireDefaultEncryption {
  return value === 'SSE-B2' ? { algorithm, mode: 'SSE-B2' } : { algorithm: null, mode: null };
}

/** The inverse of {@link printB2DefaultView}. */
export function readB2DefaultView(wire: WireDefaultEncryption): DefaultEncryption {
  return wire.mode ?? 'none';
}

/** {@link wireEncryptionSchema} and {@link EncryptionView} in one codec. */
export const b2ViewCodec = z.codec(
  wireEncryptionSchema,
  z.custom<EncryptionView>((value) => typeof value === 'object' && value !== null),
  { decode: readB2View, encode: printB2View },
);
