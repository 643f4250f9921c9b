import { reasonOf } from '../model/conformance-error.ts';
import type { Exchange, ShownBody } from '../report/exchange.ts';
import { printable } from '../wire/printable.ts';
import { redacted, Redactor } from '../wire/redactor.ts';
import { longestSpan } from '../wire/secret-pattern.ts';
import { isSecretHeader, replaceInQuery, secretsOfAnswer, secretsOfRequest } from '../wire/secrets-in-messages.ts';
import type { Transport, WireAnswer, WireRequest } from '../wire/transport.ts';

/** Bytes of a body that are shown. */
const [shownText, shownHex] = [2048, 256];
/** Bytes of a header, a URL or a sentence that are shown. */
const shownValue = 1024;
/** Exchanges of a case that are kept, the last ones, and lines of a head. */
const [mostExchanges, mostHeaders] = [50, 100];

interface KeptBody {
  readonly bytes: number;
  readonly begin: Uint8Array;
}

/** A request as it went to the wire. */
interface SentRequest extends Omit<WireRequest, 'raw' | 'body'> {
  /** The first line of one that was sent byte by byte. */
  readonly line: string | undefined;
}

interface KeptExchange {
  readonly step: number;
  readonly request: SentRequest & { readonly body: KeptBody };
  readonly answer: (Omit<WireAnswer, 'body'> & { readonly body: KeptBody }) | undefined;
  readonly failure: string | undefined;
}

/**
 * Keeps what one case sends and receives, in memory of a fixed size, and shows it without secrets. What a message shows
 * as a secret is one in all others, too: an endpoint may give it back anywhere.
 */
export class ExchangeRecorder {
  readonly #send: Transport;
  readonly #redactor = new Redactor();
  readonly #kept: KeptExchange[] = [];
  /** Number of the step that sends, from 1. */
  step = 1;

  /** @param secrets that no message may show, such as the account's key */
  constructor(send: Transport, secrets: readonly string[]) {
    this.#send = send;
    for (const secret of secrets) this.#redactor.learn(secret);
  }

  /** Sends as the transport does, and keeps what went and came. */
  readonly send: Transport = async (request) => {
    const { step } = this;
    const sent = asSent(request);
    // A raw form may have secrets that the request which it was made of has not, and the other way round.
    for (const one of [request, sent]) this.#learn(secretsOfRequest(one));
    try {
      const answer = await this.#send(request);
      this.#learn(secretsOfAnswer(answer));
      this.#keep({ step, request: kept(sent), answer: kept(answer), failure: undefined });
      return answer;
    } catch (error) {
      this.#keep({ step, request: kept(sent), answer: undefined, failure: reasonOf(error) });
      throw error;
    }
  };

  /** A text, such as how an answer differs, without the secrets; cut, since it may have a whole header in it. */
  redact(text: string): string {
    const shown = this.#begin(text);
    return text.length > shownValue ? `${shown}...` : shown;
  }

  /** What has been kept, in order. */
  exchanges(): Exchange[] {
    return this.#kept.map(({ step, request, answer, failure }) => ({
      step,
      request: {
        method: request.method,
        url: this.#begin(request.origin + replaceInQuery(request.target, () => redacted)),
        line: request.line === undefined ? null : this.#begin(replaceInQuery(request.line, () => redacted)),
        headers: this.#headers(request.headers),
        body: this.#body(request.body),
      },
      answer: answer === undefined ? null : this.#answer(answer),
      failure: failure === undefined ? null : printable(this.#begin(failure)),
    }));
  }

  #answer({ status, headers, body }: NonNullable<KeptExchange['answer']>): Exchange['answer'] {
    return { status, headers: this.#headers([...headers]), body: this.#body(body) };
  }

  #learn(secrets: readonly string[]): void {
    for (const secret of secrets) this.#redactor.learn(secret);
  }

  #keep(exchange: KeptExchange): void {
    this.#kept.push(exchange);
    if (this.#kept.length > mostExchanges) this.#kept.shift();
  }

  #headers(headers: readonly (readonly [name: string, value: string])[]): [string, string][] {
    return headers
      .slice(0, mostHeaders)
      .map(([name, value]) => [
        this.#begin(name),
        isSecretHeader(name) ? `[redacted, ${value.length} characters]` : this.#begin(value),
      ]);
  }

  #begin(text: string): string {
    const bytes = Buffer.from(text.slice(0, shownValue + longestSpan)).toString('latin1');
    return Buffer.from(this.#redactor.bytes(bytes, shownValue), 'latin1').toString();
  }

  #body({ bytes, begin }: KeptBody): ShownBody {
    const text = Buffer.from(begin).toString('latin1');
    const shown = textOf(Buffer.from(this.#redactor.bytes(text, shownText), 'latin1'));
    if (shown !== undefined) return { bytes, encoding: 'text', shown, cut: bytes > shownText };
    const hex = Buffer.from(this.#redactor.bytes(text, shownHex), 'latin1').toString('hex');
    return { bytes, encoding: 'hex', shown: hex, cut: bytes > shownHex };
  }
}

/** What is sent of a raw form, as far as it can be read as a request. */
function asSent({ raw, ...request }: WireRequest): SentRequest & { readonly body: Uint8Array } {
  if (raw === undefined) return { ...request, line: undefined };
  const [line = '', ...lines] = raw.head.split(/\r?\n/);
  const headers = lines.filter(Boolean).map((one): [string, string] => {
    const colon = one.indexOf(':');
    return colon === -1 ? [one, ''] : [one.slice(0, colon), one.slice(colon + 1).trim()];
  });
  return { ...request, line, headers, body: raw.body };
}

/** A message of whose body only the begin is kept: a copy, since a part of a buffer would keep all of it. */
function kept<Message extends { readonly body: Uint8Array }>(message: Message) {
  const { body } = message;
  const begin = Uint8Array.from(body.subarray(0, shownText + longestSpan));
  return { ...message, body: { bytes: body.length, begin } };
}

/** Text in UTF-8, perhaps cut within a character; undefined if it is none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    // eslint-disable-next-line no-control-regex -- these are what text does not have
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
