import fc from 'fast-check';
import type { ClockMark } from '@coffer/storage-ports';
import { fixedClock } from '@coffer/storage-testkit';
import { describe, expect, test } from 'vitest';
import { createFixture, startTime } from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';
import { judgeBy } from './clock-judgement.ts';

const minute = 60_000;
const day = 86_400_000;
const markOf = (changes: Partial<ClockMark> = {}): ClockMark => ({
  ...{ seen: startTime, boot: 'boot 1', monotonic: 0, wall: startTime },
  ...changes,
});

describe('judging the clock', () => {
  test.each([
    ['the same moment', 0, 0, null],
    ['time that passed', 10 * day, 0, null],
    ['29 days, and then a start', 29 * day, 'restart', null],
    ['a small correction', day, 4 * minute, null],
    ['a small correction backwards', day, -4 * minute, null],
    ['a jump forwards', minute, 6 * minute, 'jumped'],
    ['a jump of years', minute, 1_000 * day, 'jumped'],
    ['a jump backwards', minute, -6 * minute, 'jumped'],
    ['a start long after', 31 * day, 'restart', 'ahead'],
    ['a standstill that long', 31 * day, 0, 'ahead'],
    ['a start before', -6 * minute, 'restart', 'behind'],
    ['a start a little before', -4 * minute, 'restart', null],
  ] as const)('after %s', (_, passed, jump, doubt) => {
    const clock = fixedClock(startTime);
    clock.advance(passed);
    if (jump === 'restart') clock.restart();
    else clock.jump(jump);
    expect(judgeBy(markOf(), clock)).toMatchObject({ doubt, now: clock.now(), seen: startTime });
  });

  test('knows what is certain all the same', () => {
    const clock = fixedClock(startTime);
    clock.advance(3 * day);
    const passed = startTime + 3 * day;
    expect(judgeBy(markOf(), clock)).toMatchObject({ certain: passed, presumed: passed });
    clock.jump(100 * day);
    expect(judgeBy(markOf(), clock)).toMatchObject({ certain: passed, presumed: passed });
    clock.jump(-103 * day);
    expect(judgeBy(markOf(), clock)).toMatchObject({ certain: clock.now(), presumed: passed });
    clock.jump(103 * day);
    clock.restart();
    expect(judgeBy(markOf(), clock)).toMatchObject({ certain: startTime, presumed: clock.now() });
    clock.jump(-200 * day);
    expect(judgeBy(markOf(), clock)).toMatchObject({ doubt: 'behind', certain: clock.now(), presumed: startTime });
  });

  test('takes nothing for certain that has not come, and small jumps for a large one', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ advance: fc.integer({ min: 0, max: 40 * day }) }),
        fc.record({ jump: fc.integer({ min: -5 * minute, max: 5 * minute }) }),
        fc.record({ jump: fc.integer({ min: -1_000 * day, max: 1_000 * day }) }),
      ),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const clock = fixedClock(startTime);
        let passed = 0;
        for (const step of all) {
          if ('advance' in step) passed += step.advance;
          if ('advance' in step) clock.advance(step.advance);
          else clock.jump(step.jump);
        }
        const { certain, now } = judgeBy(markOf(), clock);
        expect(certain).toBeLessThanOrEqual(now);
        expect(certain - startTime).toBeLessThanOrEqual(passed + 5 * minute + passed / 1_000);
      }),
    );
  });
});

describe("the store's mark", () => {
  test('is none until it is kept, and then speaks for every process', async () => {
    const fixture = await createFixture();
    const { clock, storage } = fixture;
    clock.jump(-1_000 * day);
    expect(await storage.clock.judge()).toMatchObject({ doubt: null, seen: null });
    clock.jump(1_000 * day);
    await storage.clock.keep();
    const other = createStorage({ ...fixture, random: { bytes: (length) => new Uint8Array(length) } });
    clock.jump(20 * day);
    for (const { clock: service } of [storage, other])
      expect(await service.judge()).toMatchObject({ doubt: 'jumped', seen: startTime });
    // Another process confirms.
    expect(await other.clock.confirm()).toMatchObject({ doubt: 'jumped' });
    expect(await storage.clock.judge()).toMatchObject({ doubt: null, seen: clock.now() });
  });

  test('is renewed every five minutes, and when a process ends, but not while the clock is doubted', async () => {
    const { clock, storage } = await createFixture();
    const seen = async () => (await storage.clock.judge()).seen;
    await storage.clock.keep();
    clock.advance(5 * minute - 1);
    await storage.clock.keep();
    expect(await seen()).toBe(startTime);
    await storage.clock.keep({ now: true });
    expect(await seen()).toBe(startTime + 5 * minute - 1);
    clock.advance(5 * minute);
    await storage.clock.keep();
    expect(await seen()).toBe(startTime + 10 * minute - 1);
    clock.jump(day);
    for (const now of [false, true]) expect((await storage.clock.keep({ now })).doubt).toBe('jumped');
    expect(await seen()).toBe(startTime + 10 * minute - 1);
    // A clock that was set right again needs nobody's word.
    clock.jump(-day);
    expect((await storage.clock.keep()).doubt).toBeNull();
  });

  test('notices many small jumps as one', async () => {
    const { clock, storage } = await createFixture();
    await storage.clock.keep();
    const doubts: unknown[] = [];
    for (let jumps = 0; jumps < 3; jumps++) {
      clock.advance(5 * minute);
      clock.jump(2 * minute);
      doubts.push((await storage.clock.keep()).doubt);
    }
    expect(doubts).toEqual([null, null, 'jumped']);
  });

  test('counts anew after the machine was started again', async () => {
    const { clock, storage } = await createFixture();
    await storage.clock.keep();
    clock.jump(day);
    clock.restart();
    expect((await storage.clock.keep()).doubt).toBeNull();
    clock.jump(day);
    expect((await storage.clock.judge()).doubt).toBe('jumped');
  });

  test('follows a clock that was confirmed, also backwards', async () => {
    const { clock, storage } = await createFixture();
    await storage.clock.keep();
    clock.restart();
    clock.jump(-100 * day);
    expect(await storage.clock.confirm()).toMatchObject({ doubt: 'behind', seen: startTime });
    expect(await storage.clock.judge()).toMatchObject({ doubt: null, seen: clock.now() });
  });
});
