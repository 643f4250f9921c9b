import { subscribe } from 'node:diagnostics_channel';
import { testChannels, type TestAnswer, type TestOutput } from '@coffer/storage-testkit';
import { writesChannel, type MemoryWrite } from '@coffer/store-memory';
import { collectAnswer } from './answer.ts';
import type { Collector } from './collector.ts';

/**
 * Collects the outputs that test fixtures and the stores in memory publish, which would otherwise stay in this process.
 */
export function subscribeToOutputs(collector: Collector): void {
  subscribe(testChannels.output, (message) => {
    const { label, content } = message as TestOutput;
    collector.output(label, content);
  });
  subscribe(writesChannel, (message) => {
    const { label, content } = message as MemoryWrite;
    collector.output(label, content);
  });
  subscribe(testChannels.answer, (message) => {
    collectAnswer(collector, message as TestAnswer);
  });
}
