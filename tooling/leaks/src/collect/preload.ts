// Loaded with --import into a server that was built, when interop runs in leak mode.
import { SecretBytes } from '@coffer/bytes';
import { startCollecting } from './start-collecting.ts';

/** Milliseconds; a server that is killed loses what it collected since. */
const flushInterval = 200;

const collector = startCollecting(SecretBytes);
setInterval(() => {
  collector.flush();
}, flushInterval).unref();
