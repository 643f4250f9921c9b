import {
  parseB2UploadHeaders,
  wipingRefusedKeys,
  type EncryptionRequest,
  type HeaderPair,
  type HeaderLookup,
} from '@coffer/sse-schema';
import { problem, type RequestProblem, type RequestResult } from './header-request.ts';

/** Ends the parsing of a header; caught in {@link attempt}. */
class HeaderRefused extends Error {
  readonly answer: RequestProblem;
  constructor(answer: RequestProblem) {
    super(answer.message);
    this.answer = answer;
  }
}

/** Ends the parsing; the request is answered with this problem. */
export function refuse(field: string, message: string, code: RequestProblem['code'] = 'bad_request'): never {
  throw new HeaderRefused(problem(message, { field, code }));
}

/** Runs a parser that may {@link refuse}. */
export function attempt<T>(parse: () => T): RequestResult<T> {
  return wipingRefusedKeys((): RequestResult<T> => {
    try {
      return { ok: true, value: parse() };
    } catch (error) {
      if (error instanceof HeaderRefused) return error.answer;
      throw error;
    }
  });
}

/** The value of a header that may come once. */
export function optional(get: HeaderLookup, name: string): string | undefined {
  const values = get(name.toLowerCase());
  if (values.length > 1) refuse(name, `Header ${name} must be given once`);
  return values[0]?.trim();
}

/** The value of a header that must come once. */
export function required(get: HeaderLookup, name: string): string {
  const value = optional(get, name);
  return value === undefined || value === '' ? refuse(name, `Missing header: ${name}`) : value;
}

/** The encryption asked for. */
export function readEncryption(get: HeaderLookup): EncryptionRequest | undefined {
  const read = parseB2UploadHeaders(get);
  if (read.ok) return read.value;
  const { code, field, message } = read.error;
  throw new HeaderRefused(problem(message, { violation: code, ...(field === undefined ? {} : { field }) }));
}

/** Leaves out the members that are undefined. */
export function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The header, if there is a value. */
export function printOptional(name: string, value: string | number | null | undefined): HeaderPair[] {
  return value === undefined || value === null ? [] : [[name, String(value)]];
}
