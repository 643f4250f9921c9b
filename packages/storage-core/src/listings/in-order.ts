/**
 * Begins tasks in the order of their inputs, `width` of them under way at most, and gives their results in that order.
 * When it ends, however it does, everything that was begun has ended.
 */
export async function* inOrder<Input, Output>(
  inputs: AsyncIterable<Input>,
  width: number,
  task: (input: Input) => Promise<Output>,
): AsyncGenerator<Output, void> {
  const underWay: Promise<Output>[] = [];
  try {
    for await (const input of inputs) {
      underWay.push(begin(input, task));
      while (underWay.length >= width) yield await takeFirst(underWay);
    }
    while (underWay.length > 0) yield await takeFirst(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
}

/**
 * Begins a task. Its rejection is handled when the turn of its result comes; until then it must not count as unhandled.
 */
function begin<Input, Output>(input: Input, task: (input: Input) => Promise<Output>): Promise<Output> {
  const result = task(input);
  result.catch(() => undefined);
  return result;
}

function takeFirst<Output>(underWay: Promise<Output>[]): Promise<Output> {
  const first = underWay.shift();
  if (first === undefined) throw new RangeError('Nothing is under way');
  return first;
}
