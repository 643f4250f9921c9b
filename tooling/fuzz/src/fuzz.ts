import fc from 'fast-check';
import type { Api } from './api.ts';
import { garbage } from './garbage.ts';
import { exchange, type RawAnswer, type RawRequest } from './raw-http.ts';
import { snapshot, type Stage } from './stage.ts';

export interface Finding {
  readonly what: string;
  readonly request: RawRequest;
  readonly answer: RawAnswer;
}

export interface FuzzResult {
  readonly requests: number;
  /** How many answers there were of each status; 0 is a connection closed without one. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

const batchSize = 40;

/**
 * Sends the corpus, then garbage until the time is over, and looks after each batch whether anything changed that was
 * refused.
 */
export class Fuzz {
  readonly #port: number;
  readonly #api: Api;
  readonly #stage: Stage;
  readonly #statuses: Record<string, number> = {};
  readonly #findings: Finding[] = [];
  #requests = 0;
  #before = '';

  constructor(port: number, api: Api, stage: Stage) {
    this.#port = port;
    this.#api = api;
    this.#stage = stage;
  }

  async run(corpus: readonly RawRequest[], milliseconds: number, seed: number): Promise<FuzzResult> {
    this.#before = await snapshot(this.#api, this.#stage);
    await this.#batch(corpus);
    const end = Date.now() + milliseconds;
    for (let round = 0; Date.now() < end && this.#findings.length < 20; round++)
      await this.#batch(fc.sample(garbage(this.#stage), { seed: seed + round, numRuns: batchSize }));
    return { requests: this.#requests, statuses: this.#statuses, findings: this.#findings };
  }

  async #batch(requests: readonly RawRequest[]): Promise<void> {
    const refused = await this.#sendRefused(requests);
    const after = await snapshot(this.#api, this.#stage);
    // What was accepted, or ended without an answer, may change things. What was refused may not, and is sent again by
    // itself.
    if (after !== this.#before) await this.#findChange(refused);
    this.#before = await snapshot(this.#api, this.#stage);
  }

  /** Sends all requests; resolves to those that were refused. */
  async #sendRefused(requests: readonly RawRequest[]): Promise<readonly RawRequest[]> {
    const refused: RawRequest[] = [];
    for (const request of requests) if ((await this.#send(request)).status >= 400) refused.push(request);
    return refused;
  }

  async #send(request: RawRequest): Promise<RawAnswer> {
    const answer = await exchange(this.#port, request);
    this.#requests++;
    this.#statuses[answer.status] = (this.#statuses[answer.status] ?? 0) + 1;
    const fault = faultOf(request, answer);
    if (fault !== undefined) this.#findings.push({ what: fault, request, answer });
    return answer;
  }

  async #findChange(requests: readonly RawRequest[]): Promise<void> {
    const before = await snapshot(this.#api, this.#stage);
    const refused = await this.#sendRefused(requests);
    const change = (await snapshot(this.#api, this.#stage)) !== before;
    // Blame needs that all are refused again: a refusal may depend on what the batch had changed before, and a request
    // that is accepted now may change things.
    if (change && refused.length === requests.length) await this.#blame(requests);
  }

  async #blame(requests: readonly RawRequest[]): Promise<void> {
    for (const request of requests) {
      const before = await snapshot(this.#api, this.#stage);
      const answer = await exchange(this.#port, request);
      if ((await snapshot(this.#api, this.#stage)) === before) continue;
      this.#findings.push({ what: 'was refused but changed something', request, answer });
      return;
    }
    const [request = { method: '', target: '', headers: [], body: '' }] = requests;
    const answer = { status: 0, head: '', body: '' };
    this.#findings.push({ what: `one of ${requests.length} refused requests changed something`, request, answer });
  }
}

/** What is wrong with an answer, whatever was asked. */
function faultOf(request: RawRequest, { status, head, body }: RawAnswer): string | undefined {
  if (status === 0) return isOneMessage(request) ? 'closed the connection without an answer' : undefined;
  if (status >= 500) return `answered ${status}`;
  if (status < 400 || request.method === 'HEAD') return undefined;
  if (!/^date: /im.test(head)) return 'answered without a date';
  // Node itself answers bytes that are not HTTP, with an empty body.
  if (body === '') return undefined;
  return isError(body, status) ? undefined : 'answered with an error that is not one of B2';
}

/**
 * Whether the bytes are exactly one HTTP message. If other bytes follow a complete message, Node just closes the
 * connection.
 */
function isOneMessage({ headers, body }: RawRequest): boolean {
  const lengths = headers.filter(([name]) => name === 'Content-Length').map(([, value]) => value);
  return lengths.length === 0 ? body === '' : lengths.every((length) => length === String(body.length));
}

function isError(body: string, status: number): boolean {
  try {
    const error = JSON.parse(body) as Record<string, unknown>;
    return error['status'] === status && typeof error['code'] === 'string' && typeof error['message'] === 'string';
  } catch {
    return false;
  }
}
