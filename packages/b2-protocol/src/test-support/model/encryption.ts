import { customerKey, sseB2Headers, sseB2Json } from '../customer-keys.ts';
import type { Mode } from './model.ts';

const customerKeys = { 'SSE-C 1': customerKey(1), 'SSE-C 2': customerKey(2) } as const;

/** Headers that ask for an encryption. */
export function encryptionHeaders(mode: Mode): Readonly<Record<string, string>> {
  if (mode === 'none') return {};
  return mode === 'SSE-B2' ? sseB2Headers : customerKeys[mode].headers;
}

/** The customer key that reading needs. */
export function readHeaders(mode: Mode): Readonly<Record<string, string>> {
  return mode === 'none' || mode === 'SSE-B2' ? {} : customerKeys[mode].headers;
}

/** A JSON setting that asks for an encryption. */
export function encryptionJson(mode: Mode): object {
  if (mode === 'none') return { mode: null };
  return mode === 'SSE-B2' ? sseB2Json : customerKeys[mode].json;
}
