/** A tutorial as a test reads it: its blocks of commands, and what it says that they print. */
import { spawn } from 'node:child_process';

export interface Block {
  readonly language: string;
  readonly code: string;
  /** Why it is not run. */
  readonly notRun?: string;
  /** Of the block `text` below it. */
  readonly output: readonly string[];
}

const BLOCK =
  /(?:^<!-- (?<comment>[^\n]+) -->\n)?^```(?<language>\w+)\n(?<code>.*?)^```\n(?:^```text\n(?<output>.*?)^```\n)?/gms;

export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(BLOCK)].map(({ groups }) => {
    const { comment, language = '', code = '', output = '' } = groups!;
    const [, notRun] = /^not run: (.+)$/.exec(comment ?? '') ?? [];
    return { language, code, output: output.split('\n').filter(Boolean), ...(notRun && { notRun }) };
  });

const NUMBER = /\d[\d,]*(?:\.\d+)?/g;
const numberOf = (text: string): number => Number(text.replaceAll(',', ''));

/**
 * Points of percent and other decimals may be off by 0.3, below 1 by 0.01, counts by 2 %: what other backends, threads and processors
 * round. Seconds are anyone's.
 */
function isClose(found: string, said: string): boolean {
  const off = Math.abs(numberOf(found) - numberOf(said));
  if (!said.includes('.')) return off <= Math.floor(0.02 * numberOf(said));
  return off <= (numberOf(said) < 1 ? 0.01 : 0.3) + 1e-9;
}

const plain = (line: string): string =>
  line
    .replace(/\d+(?:\.\d+)? s\b/g, '? s')
    .replace(/\s+/g, ' ')
    .trim();

/** Whether a line of a command is what the page says; `...` within the latter stands for anything. */
export function isAsSaid(found: string, said: string): boolean {
  const texts = plain(said)
    .split('...')
    .map((part) => part.replace(NUMBER, '\0').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = texts.join('.*').replaceAll('\0', `(${NUMBER.source})`);
  const match = new RegExp(`^${pattern}$`).exec(plain(found));
  const numbers = plain(said).match(NUMBER) ?? [];
  return match !== null && numbers.every((number, i) => isClose(match[i + 1]!, number));
}

/** @returns the first line of the page that the output has not, in their order; undefined: it has all */
export function firstMissing(printed: string, output: readonly string[]): string | undefined {
  const lines = printed.split('\n');
  let from = 0;
  for (const said of output) {
    if (said === '...') continue;
    const at = lines.findIndex((line, i) => i >= from && isAsSaid(line, said));
    if (at < 0) return said;
    from = at + 1;
  }
  return undefined;
}

/** @returns stdout and stderr as they came @throws Error with both where the program fails */
export function printedBy(
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
    let all = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        all += text;
      });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(all) : reject(new Error(`${args.join(' ')} ended with ${code}:\n${all}`)),
    );
  });
}
