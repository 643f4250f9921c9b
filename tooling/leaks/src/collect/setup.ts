// The first thing in each of vitest's processes when the tests run in leak mode.
import { SecretBytes } from '@coffer/bytes';
import { afterAll } from 'vitest';
import { startCollecting } from './start-collecting.ts';

const collector = startCollecting(SecretBytes);

afterAll(() => {
  collector.flush();
});
