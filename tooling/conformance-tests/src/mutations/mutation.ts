import type { Profile, Transport, WireAnswer, WireRequest } from '@coffer/conformance';

/** A rule that is broken on purpose, between the suite and a server that keeps it. */
export interface Mutation {
  readonly name: string;
  readonly profile: Profile;
  /** What ids of the cases contain that are tried. */
  readonly tried: string;
  /** A case that has to fail. */
  readonly caughtBy: string;
  readonly breaking: Breaking;
}

/** What stands between the suite and the server. */
export type Breaking = (send: Transport, tools: Tools) => Transport;

/** What a variant of a server has that whoever stands before it has to be given. */
export interface Tools {
  /** Customer key A of the cases. */
  readonly keyA: { readonly key: string; readonly md5: string };
  /** A request of S3, signed anew. */
  readonly sign: (request: WireRequest) => WireRequest;
}

export type Lines = WireRequest['headers'];

/** The request with other headers, as if the server read them so. */
export function asking(change: (headers: Lines, request: WireRequest, tools: Tools) => Lines): Breaking {
  return (send, tools) => (request) => send({ ...request, headers: change(request.headers, request, tools) });
}

/** Another request, as if the server read it so; S3's is signed again. Undefined: the request as it is. */
export function reading(change: (request: WireRequest, tools: Tools) => WireRequest | undefined): Breaking {
  return (send, tools) => (request) => {
    const changed = change(request, tools);
    if (changed === undefined) return send(request);
    return send(has(changed, /^authorization$/) && isS3(changed) ? tools.sign(changed) : changed);
  };
}

export function answering(change: (answer: WireAnswer, request: WireRequest) => WireAnswer): Breaking {
  return (send) => async (request) => change(await send(request), request);
}

/** Sends what a raw form was made of, as a proxy would that mends what it passes on. */
export const repairing: Breaking =
  (send) =>
  ({ raw: _raw, ...request }) =>
    send(request);

/** JSON answers in which one text is another. */
export function replaceInJson(from: RegExp, to: string): Breaking {
  return answering((answer) => {
    if (answer.headers.get('content-type')?.startsWith('application/json') !== true) return answer;
    const text = Buffer.from(answer.body).toString('utf8').replaceAll(from, to);
    return { ...answer, body: Buffer.from(text) };
  });
}

/** The body of a JSON operation, changed. */
export function callingWith(operation: string, change: (body: Record<string, unknown>) => object): Breaking {
  return reading((request) => {
    if (!request.target.endsWith(`/${operation}`)) return undefined;
    const body = JSON.parse(Buffer.from(request.body).toString('utf8')) as Record<string, unknown>;
    return withBody(request, JSON.stringify(change(body)));
  });
}

export function withBody(request: WireRequest, text: string): WireRequest {
  const body = Buffer.from(text);
  const length = ['Content-Length', String(body.length)] as const;
  // The MD5 of S3's documents would be that of the body before.
  return { ...request, body, headers: [...without(request.headers, /^content-(length|md5)$/), length] };
}

export const named = (pattern: RegExp) => (name: string) => pattern.test(name.toLowerCase());
export const without = (headers: Lines, pattern: RegExp): Lines => headers.filter(([name]) => !named(pattern)(name));
export const has = ({ headers }: WireRequest, pattern: RegExp): boolean =>
  headers.some(([name]) => named(pattern)(name));
export const withoutHeaders = (answer: WireAnswer, pattern: RegExp): WireAnswer => ({
  ...answer,
  headers: new Map([...answer.headers].filter(([name]) => !pattern.test(name))),
});
export const withHeader = (answer: WireAnswer, name: string, value: string): WireAnswer => ({
  ...answer,
  headers: new Map([...answer.headers, [name, value]]),
});

function isS3({ headers }: WireRequest): boolean {
  return headers.some(([name, value]) => named(/^authorization$/)(name) && value.startsWith('AWS4-'));
}
