import { StoreError } from '@coffer/storage-ports';
import { DatabaseError } from 'pg';

/**
 * What is known after a failure.
 *
 * - `refused`: the server said no, and nothing was done.
 * - `again`: nothing was done, and the same may well succeed at once.
 * - `lost`: there is no answer, so it may have been done.
 * - `unreachable`: no connection, so nothing was sent.
 */
export type FailureKind = 'refused' | 'again' | 'lost' | 'unreachable';

/** A failure of the database or of the way to it. The message holds no password, no key and no record. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';
  readonly kind: FailureKind;
  /** PostgreSQL's five characters (SQLSTATE), or the name of a system's error; `none` where there is neither. */
  readonly code: string;

  constructor(kind: FailureKind, code: string, message: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

/** What the states of `store-state.ts` tell apart. */
export type Trouble = 'unreachable' | 'read_only' | 'full' | 'denied' | 'wrong_schema';

/** Could not serialize, deadlock, lock not available, no room for locks, too many connections. */
const again = new Set(['40001', '40P01', '55P03', '53200', '53300']);

/**
 * Classes after which it is open whether a statement took effect: broken connections, a server that ends (a commit that
 * waits for a standby has taken effect locally by then), and errors of the system and of the server itself.
 */
const openClasses = ['08', '57P', '58', 'XX'];

/** The failure that `pg` reported for a statement. What it says of the row is left out. */
export function queryFailure(error: unknown): DatabaseFailure {
  if (error instanceof DatabaseFailure) return error;
  if (!(error instanceof DatabaseError)) return new DatabaseFailure('lost', systemCode(error), textOf(error));
  const code = error.code ?? 'none';
  const kind = openClasses.some((start) => code.startsWith(start)) ? 'lost' : again.has(code) ? 'again' : 'refused';
  return new DatabaseFailure(kind, code, sayingOf(code, error.message));
}

/** The failure of an attempt to connect, on which nothing was sent yet. */
export function connectFailure(label: string, error: unknown): DatabaseFailure {
  if (error instanceof DatabaseFailure) return error;
  const code = error instanceof DatabaseError ? (error.code ?? 'none') : systemCode(error);
  const text = error instanceof DatabaseError ? sayingOf(code, error.message) : textOf(error);
  const kind = error instanceof DatabaseError && troubleOf(code) === 'denied' ? 'refused' : 'unreachable';
  return new DatabaseFailure(kind, code, `The database ${label} cannot be reached: ${text}`);
}

/** What a failure says of the database; undefined if it only says something of the one statement. */
export function troubleOf(code: string): Trouble | undefined {
  if (code === '25006') return 'read_only';
  if (code === '53100') return 'full';
  if (['28000', '28P01', '42501', '3D000'].includes(code)) return 'denied';
  if (['3F000', '42P01', '42883', 'schema'].includes(code)) return 'wrong_schema';
  return undefined;
}

/** The error of the port for a failure. */
export function storeFailure(doing: string, error: unknown): unknown {
  if (error instanceof DatabaseFailure)
    return new StoreError(error.code === '53100' ? 'full' : 'io', `${doing} failed: ${error.message}`, {
      cause: error,
    });
  return error;
}

function sayingOf(code: string, message: string): string {
  switch (code) {
    case '25006':
      return 'the server takes no writes: it is a standby, or set to be read-only (25006)';
    case '53100':
      return "the server's disk is full (53100)";
    case '53300':
      return 'the server has no connection left (53300)';
    case '57014':
      return 'the statement took longer than its time limit (57014)';
    case '57P01':
    case '57P02':
      return `the server is being shut down (${code})`;
    case '57P03':
      return 'the server is starting or shutting down (57P03)';
    case '28P01':
      return 'the server refuses the password (28P01)';
    default:
      return `${message} (${code})`;
  }
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'none';
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : 'unknown error';
}
