import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand } from './command.ts';
import { blazerProgram } from './paths.ts';
import type { World } from './scenario.ts';
import type { Credentials } from './server-process.ts';

/** A call as the Go program in `blazer` reads it. */
export interface BlazerCall {
  readonly call: string;
  readonly [field: string]: unknown;
}

/** What a call returned: the error's text, or its result. */
interface BlazerAnswer {
  readonly error?: string;
  readonly result?: unknown;
}

/** A file as blazer shows it. */
export interface BlazerObject {
  readonly name: string;
  readonly fileId: string;
  /** Empty for an unfinished large file, of which blazer does not keep what the listing says. */
  readonly state: '' | 'uploaded' | 'hider' | 'folder';
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  /** Hexadecimal, or `none`. */
  readonly sha1: string;
  readonly info: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; 0 where nobody said. */
  readonly lastModified: number;
}

/** An application key as blazer shows it: secret and capabilities once only, where it is made. */
export interface BlazerKey {
  readonly keyId: string;
  readonly key?: string;
  readonly name: string;
  readonly capabilities?: readonly string[];
  /** Milliseconds since the epoch; 0 for never. */
  readonly expires: number;
}

/** Who talks to the server, and how. */
export interface BlazerSession {
  readonly credentials?: Credentials;
  /** Has the client ask the server to let uploads fail. */
  readonly failSomeUploads?: boolean;
}

/** Milliseconds. blazer repeats some refusals for ever, so that a session may never end by itself. */
const sessionLimit = 60_000;

/** Runs calls of blazer one after the other in one session, the master key's where no other is given. */
async function answers(
  { endpoint, folder, server }: World,
  calls: readonly BlazerCall[],
  { credentials = server.credentials, failSomeUploads = false }: BlazerSession = {},
): Promise<readonly BlazerAnswer[]> {
  const result = await runCommand(blazerProgram, [], {
    env: clientEnvironment({ home: folder, caFile: endpoint.caFile }),
    stdin: JSON.stringify({ endpoint: endpoint.url, ...credentials, failSomeUploads, calls }),
    timeout: sessionLimit,
  });
  return JSON.parse(expectSuccess(result).stdout.toString()) as readonly BlazerAnswer[];
}

/** The results of calls. @throws Error if one of them fails. */
export async function blazer(
  world: World,
  calls: readonly BlazerCall[],
  session?: BlazerSession,
): Promise<readonly unknown[]> {
  const given = await answers(world, calls, session);
  return given.map(({ error, result }, at) => {
    if (error !== undefined) throw new Error(`${calls[at]?.call ?? ''}: ${error}`);
    return result;
  });
}

/** The result of one call. @throws Error if it fails. */
export async function blazerResult(world: World, call: BlazerCall, session?: BlazerSession): Promise<unknown> {
  return (await blazer(world, [call], session))[0];
}

/** What blazer says about one call. @throws Error if it succeeds. */
export async function blazerRefused(world: World, call: BlazerCall, session?: BlazerSession): Promise<string> {
  const error = (await answers(world, [call], session))[0]?.error;
  if (error === undefined) throw new Error(`${call.call} should have been refused`);
  return error;
}
