import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formsOf, type SecretForm, type SecretForms } from './secret-forms.ts';

/** A place where a secret was found. Says which and where, never its bytes. */
export interface Finding {
  /** `offset 12` in what was given, or the path of a file and the offset in it. */
  readonly where: string;
  /** For example `file key: base64url, alignment 0`. */
  readonly form: string;
}

/**
 * Finds secrets, in whatever form, in a text or in bytes; gives the first place of each form. Text is searched as
 * UTF-8.
 *
 * @example
 * ```ts
 * const key = seededRandom('key').bytes(32);
 * assert.deepEqual(searchForSecrets({ secrets: { key } }, 'nothing here'), []);
 * assert.notDeepEqual(searchForSecrets({ secrets: { key } }, `a key: ${encodeHex(key)}`), []);
 * ```
 */
export function searchForSecrets(secrets: SecretForms, haystack: string | Uint8Array): readonly Finding[] {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : asBuffer(haystack);
  return findForms(formsOf(secrets), bytes).map(({ form, offset }) => ({ where: `offset ${offset}`, form: form.name }));
}

/**
 * Finds secrets in the contents and names of all files below a directory. Files are read in pieces that overlap.
 *
 * @param isToBeRead Says of a file's path whether its content is searched, for callers who know that it was before.
 *   Default: all are.
 */
export async function searchDirectory(
  secrets: SecretForms,
  directory: string,
  isToBeRead: (path: string) => boolean = () => true,
): Promise<readonly Finding[]> {
  const forms = formsOf(secrets);
  const findings: Finding[] = [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    findings.push(
      ...findForms(forms, Buffer.from(path)).map(({ form }) => ({ where: `${path}: its name`, form: form.name })),
    );
    if (entry.isFile() && isToBeRead(path)) findings.push(...(await searchFile(forms, path)));
  }
  return findings;
}

/** @throws Error naming the findings if a secret occurs in one of the outputs, which are given by name. */
export function assertNoLeak(secrets: SecretForms, outputs: Readonly<Record<string, string | Uint8Array>>): void {
  report(
    Object.entries(outputs).flatMap(([name, output]) =>
      searchForSecrets(secrets, output).map(({ where, form }) => ({ where: `${name}, ${where}`, form })),
    ),
  );
}

/** @throws Error naming the findings if a secret occurs below the directory. */
export async function assertNoLeakInDirectory(secrets: SecretForms, directory: string): Promise<void> {
  report(await searchDirectory(secrets, directory));
}

function report(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  throw new Error(`Secrets leaked:\n${findings.map(({ where, form }) => `  ${form} at ${where}`).join('\n')}`);
}

async function searchFile(forms: readonly SecretForm[], path: string): Promise<readonly Finding[]> {
  const overlap = Math.max(...forms.map((form) => form.bytes.length)) - 1;
  const found = new Map<SecretForm, number>();
  let tail = Buffer.alloc(0);
  let position = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const window = Buffer.concat([tail, piece]);
    const start = position - tail.length;
    for (const { form, offset } of findForms(forms, window)) if (!found.has(form)) found.set(form, start + offset);
    position += piece.length;
    tail = window.subarray(Math.max(0, window.length - overlap));
  }
  return [...found].map(([form, offset]) => ({ where: `${path}, offset ${offset}`, form: form.name }));
}

function findForms(forms: readonly SecretForm[], bytes: Buffer): readonly { form: SecretForm; offset: number }[] {
  const lowered = lowerCase(bytes);
  return forms
    .map((form) => ({ form, offset: (form.anyCase ? lowered : bytes).indexOf(form.bytes) }))
    .filter(({ offset }) => offset !== -1);
}

/** Turns ASCII letters into lower case, and leaves everything else as it is. */
function lowerCase(bytes: Buffer): Buffer {
  const lowered = Buffer.from(bytes);
  for (let i = 0; i < lowered.length; i++) {
    const byte = lowered[i] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) lowered[i] = byte + 0x20;
  }
  return lowered;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
