import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { pausableFetch, type SendBody } from './pausable-fetch.ts';

/** Sends bodies to nowhere until somebody answers. */
function setUp() {
  const gate = new Gate();
  const [requests, sent]: [string[], number[]] = [[], []];
  let answer = (): void => undefined;
  const send: SendBody = (url, { signal }, onSent) => {
    requests.push(url);
    onSent(5);
    return new Promise((resolve, reject) => {
      answer = () => {
        resolve(new Response('ok'));
      };
      signal?.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  };
  const fetching = pausableFetch({
    ...{ gate, send, watch: () => ({ onSent: (bytes) => sent.push(bytes) }) },
    fetch: (url) => {
      requests.push(url);
      return Promise.resolve(new Response('ok'));
    },
  });
  return {
    gate,
    requests,
    sent,
    fetching,
    answer: () => {
      answer();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a fetch behind a gate', () => {
  it('breaks a body off when the gate closes, and sends it again when it opens', async () => {
    const { gate, requests, sent, fetching, answer } = setUp();
    const answered = fetching('/part', { body: new Uint8Array(10) });
    await turn();
    gate.close();
    await turn();
    expect([requests, sent]).toEqual([['/part'], [5, 0]]);
    gate.open();
    await turn();
    answer();
    expect((await answered).status).toBe(200);
    expect([requests, sent]).toEqual([
      ['/part', '/part'],
      [5, 0, 5],
    ]);
  });

  it('holds other requests before they are sent', async () => {
    const { gate, requests, fetching } = setUp();
    gate.close();
    const answered = fetching('/finish', { body: '{}' });
    await turn();
    expect(requests).toEqual([]);
    gate.open();
    await answered;
    expect(requests).toEqual(['/finish']);
  });

  it('ends with the signal, also while it is held', async () => {
    const { gate, fetching } = setUp();
    const stop = new AbortController();
    gate.close();
    const held = fetching('/part', { body: new Uint8Array(1), signal: stop.signal });
    stop.abort();
    await expect(held).rejects.toThrow('aborted');
    gate.open();
    const running = new AbortController();
    const sending = fetching('/part', { body: new Uint8Array(1), signal: running.signal });
    await turn();
    running.abort();
    await expect(sending).rejects.toThrow('aborted');
  });
});
