import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** A command as a document shows it, with what it prints. */
export interface ShownCommand {
  readonly command: string;
  /** Its output's lines, where `…` stands for the rest of a line, and alone on a line for any lines. */
  readonly output: readonly string[];
}

/** The commands of all `console` blocks of a text in Markdown; each stands behind `$ `. */
export function shownCommands(markdown: string): readonly ShownCommand[] {
  const lines = [...markdown.matchAll(/^```console\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.split('\n').slice(0, -1),
  );
  const commands: { command: string; output: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), output: [] });
    else commands.at(-1)?.output.push(line);
  }
  return commands;
}

/** A file that a document says to save. */
export interface ShownFile {
  readonly name: string;
  readonly content: string;
}

/** The blocks of a text in Markdown whose first line is a comment with a file's name only, such as `# store.py`. */
export function shownFiles(markdown: string): readonly ShownFile[] {
  return [...markdown.matchAll(/^```\w+\n((?:#|\/\/) ([\w-]+\.\w+)\n[^]*?)^```$/gm)].map(
    ([, content = '', name = '']) => ({ name, content }),
  );
}

/** Whether an output is the one that was shown. */
export function isAsShown(printed: string, shown: readonly string[]): boolean {
  const lines = shown.map((line) => (line === '…' ? '(?:.*\\n)*' : `${line.split('…').map(literal).join('.*')}\\n`));
  return new RegExp(`^${lines.join('')}$`).test(printed);
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A bash that is given one line after the other, as by somebody who pastes them. */
export class PastingShell {
  readonly #child;
  #said = '';
  #heard: () => void = () => undefined;

  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn('bash', ['--norc', '--noprofile'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.write('exec 2>&1\n');
    this.#child.stdout.on('data', (text: Buffer) => {
      this.#said += text.toString();
      this.#heard();
    });
    this.#child.on('close', () => {
      this.#said += '\nthe shell has ended\n';
      this.#heard();
    });
  }

  /** What the line prints, on either stream. @throws Error if it ends the shell. */
  async paste(line: string): Promise<string> {
    const mark = `done-${randomBytes(8).toString('hex')}`;
    this.#said = '';
    this.#child.stdin.write(`${line}\necho ${mark}\n`);
    while (!this.#said.includes(`${mark}\n`)) {
      if (this.#said.endsWith('\nthe shell has ended\n')) throw new Error(`${line}: ${this.#said}`);
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
    return this.#said.slice(0, this.#said.indexOf(mark));
  }

  close(): void {
    this.#child.stdin.end();
  }
}
