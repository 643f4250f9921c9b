import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { peakMemory, processorSeconds } from '../server/process-figures.ts';

/** What a command took, from its start to its end. */
export interface CommandFigures {
  readonly seconds: number;
  readonly processorSeconds: number;
  /** The most that it had resident, in MiB. */
  readonly memory: number;
}

/** Milliseconds between two looks at the process: what the last look does not see is a few hundredths of a second. */
const lookEvery = 20;

/** Runs a command to its end. @throws Error with what it printed if it fails. */
export async function measureCommand(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandFigures> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-4000);
    });
  }
  const watch = watchProcess(child.pid);
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - start) / 1000;
  const figures = await watch.stop();
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output}`);
  return { seconds, ...figures };
}

function watchProcess(pid = 0) {
  let [processor, memory] = [0, 0];
  let isEnded = false;
  const look = async () => {
    while (!isEnded) {
      try {
        const seen = [await processorSeconds(pid), await peakMemory(pid)] as const;
        // A process that has ended and is not yet waited for has no memory.
        if (seen.every(Number.isFinite)) [processor, memory] = [seen[0], Math.max(memory, seen[1])];
      } catch {
        // It has ended; the last look counts.
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
  };
  const looking = look();
  return {
    stop: async () => {
      isEnded = true;
      await looking;
      return { processorSeconds: processor, memory };
    },
  };
}
