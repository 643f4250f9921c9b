import { HeaderLines, type HeaderPair } from './header-lines.ts';
import { decodeQueryText } from './uri-encoding.ts';

/**
 * The head of a request as it is on the wire, from which nothing was lost: frameworks that decode, join or reorder
 * change what was signed.
 */
export interface RawRequest {
  readonly method: string;
  /** The request target, still encoded, such as `/bucket/a%20b?acl`. The absolute form is taken too. */
  readonly target: string;
  /** All field lines in their order, duplicates kept: for `node:http`, from `rawHeaders`. One byte per code unit. */
  readonly headers: Iterable<HeaderPair>;
}

/** A parameter of a query. */
export interface QueryParameter {
  /** Decoded, one byte per code unit. */
  readonly name: string;
  readonly rawName: string;
  /** Still encoded; empty if there is none. */
  readonly rawValue: string;
}

/** A target in its parts. */
export interface RawTarget {
  /** Still encoded; empty for a target without one. */
  readonly path: string;
  readonly parameters: readonly QueryParameter[];
}

/** A request's head, divided but not decoded. */
export interface RequestHead extends RawTarget {
  readonly method: string;
  readonly headers: HeaderLines;
}

const authority = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** @throws SigV4Error `InvalidURI` for a query that cannot be decoded. */
export function headOf(request: RawRequest): RequestHead {
  return { ...splitTarget(request.target), method: request.method, headers: new HeaderLines(request.headers) };
}

/** @throws SigV4Error `InvalidURI` for a query that cannot be decoded. */
export function splitTarget(target: string): RawTarget {
  const origin = target.replace(authority, '');
  const mark = origin.indexOf('?');
  if (mark === -1) return { path: origin, parameters: [] };
  const pairs = origin.slice(mark + 1).split('&');
  return { path: origin.slice(0, mark), parameters: pairs.filter((pair) => pair !== '').map(parameterOf) };
}

function parameterOf(pair: string): QueryParameter {
  const equals = pair.indexOf('=');
  const rawName = equals === -1 ? pair : pair.slice(0, equals);
  return { name: decodeQueryText(rawName), rawName, rawValue: equals === -1 ? '' : pair.slice(equals + 1) };
}
