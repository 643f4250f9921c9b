import { expect, it } from 'vitest';
import { abortOnInterruption } from './interruption.ts';

function fakeProcess() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  return {
    exits,
    send: (signal: string) => listeners.get(signal)?.(),
    process: {
      on: (signal: string, listener: () => void) => listeners.set(signal, listener),
      exit: (code: number) => exits.push(code),
    },
  };
}

it.each([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
])('aborts at the first signal, %s, and exits at the second one, %s', (first, second) => {
  const { process, send, exits } = fakeProcess();
  const said: string[] = [];
  const signal = abortOnInterruption(process, (text) => said.push(text));
  expect(signal.aborted).toBe(false);
  send(first);
  expect([signal.aborted, exits]).toEqual([true, []]);
  expect(said).toEqual([expect.stringContaining('Interrupted')]);
  send(second);
  expect([said.length, exits]).toEqual([1, [130]]);
});
