/** A JSON object that the server sent. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * The server refused, with a status of 400 or more. Any other error of a request means that there was no complete
 * answer.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, answer: Answer) {
    super(`${status} ${String(answer['code'])}: ${String(answer['message'])}`);
    this.name = 'Refusal';
    this.status = status;
    this.code = String(answer['code']);
  }
}

/** @throws TypeError if the answer has no such text. */
export function textIn(answer: Answer, field: string): string {
  const value = answer[field];
  if (typeof value !== 'string') throw new TypeError(`The answer has no ${field}`);
  return value;
}

/** @throws TypeError if the answer has no such list. */
export function rowsIn(answer: Answer, field: string): readonly Answer[] {
  const value = answer[field];
  if (!Array.isArray(value)) throw new TypeError(`The answer has no ${field}`);
  return value as readonly Answer[];
}

/** @throws Refusal unless the status is 200. @throws Error if the answer broke off. */
export async function readAnswer(response: Response): Promise<Answer> {
  const answer = (await response.json()) as Answer;
  if (response.status !== 200) throw new Refusal(response.status, answer);
  return answer;
}
