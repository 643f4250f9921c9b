import fc from 'fast-check';
import type { Api } from './api.ts';
import { faultOf } from './face.ts';
import type { Finding, Part } from './part.ts';
import { exchange, type RawAnswer, type RawRequest } from './raw-http.ts';
import { snapshot, type Stage } from './stage.ts';

/** Requests of one protocol, and how they become bytes. */
export interface Wire {
  readonly name: 'b2' | 's3';
  readonly garbage: fc.Arbitrary<RawRequest>;
  readonly prepare: (request: RawRequest) => RawRequest | Promise<RawRequest>;
}

const batchSize = 40;

/** Sends garbage to a server, and looks after each batch whether anything changed that was refused. */
export class RequestFuzz implements Part {
  readonly counts: Record<string, number> = {};
  readonly findings: Finding[] = [];
  readonly #port: number;
  readonly #api: Api;
  readonly #stage: Stage;
  readonly #wire: Wire;

  constructor(port: number, api: Api, stage: Stage, wire: Wire) {
    this.#port = port;
    this.#api = api;
    this.#stage = stage;
    this.#wire = wire;
  }

  get name(): string {
    return this.#wire.name;
  }

  /** Sends the requests of the corpus. */
  begin(corpus: readonly RawRequest[]): Promise<void> {
    return this.#batch(corpus);
  }

  round(seed: number): Promise<void> {
    return this.#batch(fc.sample(this.#wire.garbage, { seed, numRuns: batchSize }));
  }

  async #batch(requests: readonly RawRequest[]): Promise<void> {
    const before = await snapshot(this.#api, this.#stage);
    const refused = await this.#sendRefused(requests);
    // What was accepted, or ended without an answer, may change things. What was refused may not, and is sent again by
    // itself.
    if ((await snapshot(this.#api, this.#stage)) !== before) await this.#findChange(refused);
  }

  /** Sends all requests; resolves to those that were refused. */
  async #sendRefused(requests: readonly RawRequest[]): Promise<readonly RawRequest[]> {
    const refused: RawRequest[] = [];
    for (const request of requests) if ((await this.#send(request)).status >= 400) refused.push(request);
    return refused;
  }

  async #send(request: RawRequest): Promise<RawAnswer> {
    const prepared = await this.#wire.prepare(request);
    const answer = await exchange(this.#port, prepared);
    this.counts[answer.status] = (this.counts[answer.status] ?? 0) + 1;
    const fault = faultOf(prepared, answer);
    if (fault !== undefined) this.#found(fault, request, answer);
    return answer;
  }

  #found(what: string, request: RawRequest, { body }: Pick<RawAnswer, 'body'>): void {
    const about = `${request.method} ${request.target.slice(0, 200)} → ${body.slice(0, 200)}`;
    this.findings.push({ what, about, kept: { folder: this.#wire.name, content: request } });
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
      const answer = await exchange(this.#port, await this.#wire.prepare(request));
      if ((await snapshot(this.#api, this.#stage)) === before) continue;
      this.#found('was refused but changed something', request, answer);
      return;
    }
    const [request = { method: '', target: '', headers: [], body: '' }] = requests;
    this.#found(`one of ${requests.length} refused requests changed something`, request, { body: '' });
  }
}
