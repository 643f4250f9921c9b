import { channel } from 'node:diagnostics_channel';

/** An output of code under test that would otherwise stay in a fixture's memory. */
export interface TestOutput {
  /** What it is, such as `log`. */
  readonly label: string;
  readonly content: string | Uint8Array;
}

/** An answer of the server, as its client got it without a socket. */
export interface TestAnswer {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/**
 * Names of the diagnostics channels on which fixtures tell what code under test put out, for a search after the run.
 */
export const testChannels = { output: 'coffer.test.output', answer: 'coffer.test.answer' } as const;

const outputs = channel(testChannels.output);
const answers = channel(testChannels.answer);

/** Whether somebody collects outputs, so that tests should put out as much as possible. */
export function outputIsCollected(): boolean {
  return outputs.hasSubscribers;
}

/** Publishes an output to those who collect outputs; its content is made only if there are any. */
export function tellOutput(label: string, content: () => TestOutput['content']): void {
  if (outputs.hasSubscribers) outputs.publish({ label, content: content() } satisfies TestOutput);
}

/** Publishes an answer to those who collect answers. */
export function tellAnswer(answer: TestAnswer): void {
  answers.publish(answer);
}
