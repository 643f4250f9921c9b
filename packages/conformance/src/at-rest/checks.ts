import type { Source } from '../model/case.ts';

/** What the bytes of one file are damaged for. */
export type DamageKind =
  'flip' | 'truncate' | 'extend' | 'reorder' | 'exchange' | 'versions' | 'parts' | 'downgrade' | 'remove';

/** What the saved directory is looked through for. */
export type ContentKind = 'canary' | 'keys' | 'equal-content' | 'structure' | 'keystream';

export type CheckKind = DamageKind | ContentKind | 'blast-radius' | 'rollback-of-all';

const aead: Source = { kind: 'rfc', name: 'RFC 5116, section 2.2: authenticated decryption gives plaintext or fails' };
const streams: Source = {
  kind: 'documentation',
  name: 'Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance',
};
const modes: Source = { kind: 'documentation', name: 'NIST SP 800-38A, appendix B and C: unique counters and IVs' };
const guide: Source = { kind: 'documentation', name: 'Backblaze B2, guide: Server-Side Encryption' };
const sseC: Source = {
  kind: 'documentation',
  name: 'AWS S3, user guide: server-side encryption with customer-provided keys (SSE-C)',
};
const envelope: Source = { kind: 'rfc', name: 'RFC 5116, section 2.1: associated data says what content belongs to' };
const ownRule: Source = { kind: 'observation', name: 'docs/conformance.md, At rest' };

/** What each kind of check requires of an encrypted file, and on what that stands. */
export const requirements: Readonly<Record<CheckKind, { readonly requirement: string; readonly source: Source }>> = {
  canary: { requirement: 'No piece of the content of an encrypted file is stored as it is.', source: guide },
  keys: { requirement: 'A customer key is not stored, in whatever notation.', source: sseC },
  'equal-content': {
    requirement: 'Files of the same content under the same key have nothing in common in what is stored.',
    source: modes,
  },
  structure: {
    requirement: 'What repeats in the content does not repeat in what is stored, which cannot be compressed.',
    source: modes,
  },
  keystream: {
    requirement: 'No two files, and no two parts of one, are encrypted with the same key stream.',
    source: modes,
  },
  flip: {
    requirement: 'Content is not given out with a bit changed, wherever in the stored bytes it was.',
    source: aead,
  },
  truncate: { requirement: 'A file that was cut off is not given out as a whole one.', source: streams },
  extend: { requirement: 'Bytes that were added to what is stored are not given out as content.', source: aead },
  reorder: {
    requirement: 'Pieces of one file that were put at another place in it are not given out.',
    source: streams,
  },
  exchange: { requirement: 'What is stored of one file is not given out as another one.', source: envelope },
  versions: {
    requirement: 'What is stored of one version of a name is not given out as another one.',
    source: envelope,
  },
  parts: {
    requirement: 'A part is not given out in the place of another one, nor a replaced attempt at a part as the part.',
    source: envelope,
  },
  downgrade: { requirement: 'Bytes that are not encrypted are not given out as an encrypted file.', source: aead },
  remove: { requirement: 'A file whose stored bytes are gone is not given out.', source: ownRule },
  'blast-radius': {
    requirement: 'Damage to some files leaves the server and all other files in service.',
    source: ownRule,
  },
  'rollback-of-all': {
    requirement: 'For information: what happens if the whole directory is put back as it was before.',
    source: ownRule,
  },
};
