import { subscribe } from 'node:diagnostics_channel';
import { testChannels, type TestAnswer, type TestOutput } from '@coffer/storage-testkit';
import { collectAnswer } from './answer.ts';
import type { Collector } from './collector.ts';

/** Collects what test fixtures tell that would otherwise stay in their memory. */
export function subscribeToOutputs(collector: Collector): void {
  subscribe(testChannels.output, (message) => {
    const { label, content } = message as TestOutput;
    collector.output(label, content);
  });
  subscribe(testChannels.answer, (message) => {
    collectAnswer(collector, message as TestAnswer);
  });
}
