import { describe, expect, it } from 'vitest';
import { testRequest } from '../testing.ts';
import { beginInTurns } from './begin-in-turns.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function counted(perTurn: number) {
  const begun: string[] = [];
  const handler = beginInTurns((request) => {
    begun.push(request.target);
    return Promise.resolve({ status: 200, headers: [] });
  }, perTurn);
  return { begun, ask: (target: string) => handler(testRequest({ target })) };
}

describe('requests that begin in turns', () => {
  it('begin at once where there are few', async () => {
    const { begun, ask } = counted(4);
    const answer = ask('/a');
    expect(begun).toEqual(['/a']);
    expect((await answer).status).toBe(200);
  });

  it('begin a few in each turn, in their order, whoever comes meanwhile', async () => {
    const { begun, ask } = counted(3);
    const targets = Array.from({ length: 10 }, (_, i) => `/${i}`);
    const answers = targets.map(ask);
    const steps: number[] = [begun.length];
    while (begun.length < 10) {
      await turn();
      steps.push(begun.length);
      if (steps.length === 2) answers.push(ask('/late'));
    }
    await Promise.all(answers);
    expect(begun).toEqual([...targets, '/late']);
    for (const [index, step] of steps.entries()) expect(step - (steps[index - 1] ?? 0)).toBeLessThanOrEqual(3);
  });

  it('begin at once again after a quiet turn', async () => {
    const { begun, ask } = counted(1);
    await Promise.all([ask('/1'), ask('/2')]);
    await turn();
    await turn();
    const last = ask('/3');
    expect(begun).toContain('/3');
    await last;
  });

  it('begin also where those before them fail', async () => {
    const failing = beginInTurns(() => Promise.reject(new Error('no')), 1);
    const all = await Promise.allSettled([1, 2, 3].map(() => failing(testRequest())));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
