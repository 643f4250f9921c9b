import { expect, it } from 'vitest';
import { busyBetween } from './cpu-profile.ts';

it('a profile of V8 is summed up between two points in time, without what the thread had nothing to do', () => {
  const frame = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });
  const profile = {
    nodes: [
      frame(1, '(idle)', ''),
      frame(2, 'send', 'file:///dist/main.js'),
      frame(3, 'update', ''),
      frame(4, '(garbage collector)', ''),
      frame(5, 'emit', 'node:events'),
    ],
    startTime: 1000,
    samples: [2, 1, 3, 4, 5, 2],
    timeDeltas: [10, 10, 10, 10, 10, 10],
  };
  expect(busyBetween(profile, 1015, 1060)).toEqual(
    new Map([
      ['native: update', 10],
      ['garbage collection', 10],
      ['JavaScript of Node', 10],
    ]),
  );
  expect(busyBetween(profile, 0, 1011)).toEqual(new Map([['JavaScript of Coffer', 10]]));
});
