import { channel } from 'node:diagnostics_channel';

/** Something that code under test put out and that would otherwise stay in a fixture's memory. */
export interface TestOutput {
  /** What it is, such as `log`. */
  readonly label: string;
  readonly content: string | Uint8Array;
}

/** An answer that no socket carried, as its client got it. */
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

/** Whether somebody collects what is put out, so that it should be as much as possible. */
export function outputIsCollected(): boolean {
  return outputs.hasSubscribers;
}

/** Tells an output to whoever collects them; its content is made only then. */
export function tellOutput(label: string, content: () => TestOutput['content']): void {
  if (outputs.hasSubscribers) outputs.publish({ label, content: content() } satisfies TestOutput);
}

/** Tells an answer to whoever collects them. */
export function tellAnswer(answer: TestAnswer): void {
  answers.publish(answer);
}
