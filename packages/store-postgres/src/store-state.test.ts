import { expect, it } from 'vitest';
import { DatabaseFailure } from './failure.ts';
import { StateKeeper } from './store-state.ts';

function keeper() {
  let now = 0;
  return new StateKeeper(() => ++now);
}

const failure = (code: string) => new DatabaseFailure('refused', code, `because of ${code}`);

it('begins ready, and says since when and why it is not', () => {
  const state = keeper();
  expect(state.state).toEqual({ is: 'ready', since: 1, why: '' });
  state.failed(failure('53100'));
  state.failed(failure('53100'));
  expect(state.state).toEqual({ is: 'full', since: 2, why: 'because of 53100' });
});

it('only a write ends a full disk or a server that takes no writes', () => {
  const state = keeper();
  for (const code of ['53100', '25006']) {
    state.failed(failure(code));
    state.read();
    expect(state.state.is).not.toBe('ready');
    state.written();
    expect(state.state).toMatchObject({ is: 'ready', why: '' });
  }
});

it('any answer ends being unreachable; an error of one statement does not begin it', () => {
  const state = keeper();
  state.failed(failure('40001'));
  expect(state.state.is).toBe('ready');
  state.failed(new DatabaseFailure('lost', 'timeout', 'no answer'));
  expect(state.state.is).toBe('unreachable');
  state.read();
  expect(state.state.is).toBe('ready');
});
