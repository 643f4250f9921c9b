import { describe, expect, it } from 'vitest';
import { localTime, retentionRules, timestampOf } from './retention-rules.ts';

const now = Date.UTC(2026, 10, 30);
const later = now + 86_400_000;

describe('what may be done to a retention', () => {
  it('is everything where there is none, or where it is over', () => {
    for (const retainUntilTimestamp of [now, now - 1]) {
      const rules = retentionRules({ mode: 'compliance', retainUntilTimestamp }, false, now);
      expect(rules.modes).toEqual(['none', 'governance', 'compliance']);
    }
    const rules = retentionRules({ mode: null, retainUntilTimestamp: null }, false, now);
    expect(rules.earliest).toBe(now);
    expect(rules.needsBypass({ mode: 'governance', retainUntilTimestamp: later })).toBe(false);
  });

  it('is only to extend it in compliance mode, whatever the key may do', () => {
    const rules = retentionRules({ mode: 'compliance', retainUntilTimestamp: later }, true, now);
    expect(rules).toMatchObject({ modes: ['compliance'], earliest: later });
  });

  it('depends on the key in governance mode', () => {
    const present = { mode: 'governance', retainUntilTimestamp: later } as const;
    expect(retentionRules(present, false, now)).toMatchObject({
      ...{ modes: ['governance', 'compliance'], earliest: later },
    });
    const rules = retentionRules(present, true, now);
    expect(rules).toMatchObject({ modes: ['none', 'governance', 'compliance'], earliest: now });
    expect(rules.needsBypass({ mode: null, retainUntilTimestamp: null })).toBe(true);
    expect(rules.needsBypass({ mode: 'governance', retainUntilTimestamp: later - 1 })).toBe(true);
    expect(rules.needsBypass({ mode: 'governance', retainUntilTimestamp: later + 1 })).toBe(false);
  });
});

it('reads a time as it was written', () => {
  expect(timestampOf(localTime(now))).toBe(now);
  expect(timestampOf('')).toBeUndefined();
});
