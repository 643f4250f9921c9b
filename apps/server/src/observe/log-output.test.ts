import { expect, test } from 'vitest';
import { LogOutput } from './log-output.ts';

type Refusal = 'EAGAIN' | 'ENOSPC' | 'EPIPE';

/** An output onto something that takes so many bytes at a time, or refuses; timers go off when the test says so. */
function place() {
  const state = {
    text: '',
    room: Infinity,
    refusal: undefined as Refusal | undefined,
    dropped: 0,
    reports: [] as number[],
  };
  const timers: (() => void)[] = [];
  const output: LogOutput = new LogOutput({
    write: (bytes) => {
      const taken = Math.min(bytes.length, state.room);
      if (taken === 0) throw Object.assign(new Error('no'), { code: state.refusal ?? 'EAGAIN' });
      state.room -= taken;
      state.text += Buffer.from(bytes.subarray(0, taken)).toString();
      return taken;
    },
    timer: (_, callback) => {
      timers.push(callback);
      return () => undefined;
    },
    onDropped: () => {
      state.dropped++;
    },
    onWorksAgain: (dropped) => {
      state.reports.push(dropped);
      output.write(`dropped ${dropped}\n`);
    },
  });
  const tick = () => {
    for (const callback of timers.splice(0)) callback();
  };
  return { state, output, timers, tick };
}

test('a line is written before the call returns', () => {
  const { state, output } = place();
  output.write('one\n');
  expect(state.text).toBe('one\n');
});

test('lines wait in order for a reader who is behind, whole and none lost', () => {
  const { state, output, timers, tick } = place();
  state.room = 2;
  for (const line of ['first\n', 'second\n', 'third\n']) output.write(line);
  expect([state.text, timers.length]).toEqual(['fi', 1]);
  tick();
  expect([state.text, timers.length]).toEqual(['fi', 1]);
  state.room = 9;
  tick();
  state.room = Infinity;
  tick();
  expect(state.text).toBe('first\nsecond\nthird\n');
  expect([timers.length, state.dropped]).toEqual([0, 0]);
});

test('for a reader who reads nothing no more than 1 MiB is kept, the rest is counted, and reported once it reads', () => {
  const { state, output, tick } = place();
  state.room = 0;
  const line = `${'x'.repeat(1023)}\n`;
  for (let i = 0; i < 1500; i++) output.write(line);
  expect(state.dropped).toBe(1500 - 1024);
  state.room = Infinity;
  tick();
  expect(state.reports).toEqual([476]);
  expect(state.text.split(line)).toHaveLength(1024 + 1);
  expect(state.text).toContain('dropped 476\n');
});

test.each<Refusal>(['ENOSPC', 'EPIPE'])(
  'what fails with %s is dropped at once, counted, and reported when it works again',
  (refusal) => {
    const { state, output, timers } = place();
    Object.assign(state, { room: 0, refusal });
    output.write('lost\n');
    output.write('lost too\n');
    expect([state.dropped, timers.length, state.reports]).toEqual([2, 0, []]);
    state.room = Infinity;
    output.write('seen\n');
    output.write('seen too\n');
    expect(state.text).toBe('seen\ndropped 2\nseen too\n');
  },
);

test('a line that a full disk cut off does not run into the next one', () => {
  const { state, output } = place();
  Object.assign(state, { room: 3, refusal: 'ENOSPC' });
  output.write('cut off\n');
  state.room = Infinity;
  output.write('next\n');
  expect(state.text).toBe('cut\nnext\ndropped 1\n');
});

test('a report that cannot be written either is made later', () => {
  const { state, output } = place();
  Object.assign(state, { room: 0, refusal: 'ENOSPC' });
  output.write('lost\n');
  state.room = 5;
  output.write('seen\n');
  state.room = Infinity;
  output.write('more\n');
  expect(state.text).toBe('seen\nmore\ndropped 1\n');
});
