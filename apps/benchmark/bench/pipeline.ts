/**
 * Photos from JPEG files to uint8 batches, in turn with torchvision v2 on the same machine, each in a process of its own
 * with a worker a core; then how long a training step waits for its batch.
 * usage: pnpm bench:pipeline PHOTOS   (a folder of JPEGs. LONGTAIL_BENCH_PYTHON: a Python that has torchvision;
 *   LONGTAIL_BENCH_ROUNDS: how many turns)
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 7);
const TRANSFORMS = ['train', 'evaluation'] as const;
const python = process.env.LONGTAIL_BENCH_PYTHON;
const [folder] = process.argv.slice(2);
if (!folder || !readdirSync(folder).some((name) => /\.jpe?g$/i.test(name)))
  throw new Error('name a folder of JPEGs: pnpm bench:pipeline PHOTOS');

interface Contestant {
  readonly name: string;
  readonly rates: Record<(typeof TRANSFORMS)[number], number[]>;
  /** Photos a second. */
  readonly run: (transform: string) => Promise<number>;
  readonly end: () => void;
}

/** undefined, with a note, where the program does not start. */
async function enter(name: string, program: string, args: string[]): Promise<Contestant | undefined> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: greeting, done } = await lines.next();
  console.error(`${name}: ${done ? 'left out, it does not start' : greeting}`);
  if (done) return undefined;
  return {
    name,
    rates: { train: [], evaluation: [] },
    async run(transform) {
      child.stdin.write(`${transform}\n`);
      return Number((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

const here = (file: string): string => join(import.meta.dirname, file);
if (!python)
  console.error('no torchvision to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torchvision');
const entered = [
  await enter('longtail', process.execPath, [here('own-pipeline.ts'), folder]),
  python &&
    (await enter('torchvision v2, decode_jpeg and tensors', python, [here('pipeline.py'), folder, 'tensor'])),
  python && (await enter("torchvision v2, ImageFolder's PIL", python, [here('pipeline.py'), folder, 'pil'])),
];
const contestants = entered.filter((contestant) => contestant !== undefined && contestant !== '');
for (let round = -1; round < ROUNDS; round++)
  for (const transform of TRANSFORMS)
    for (const { run, rates } of contestants) {
      const rate = await run(transform);
      if (round >= 0) rates[transform].push(rate);
    }
const median = (rates: number[]): number => rates.toSorted((a, b) => a - b)[rates.length >> 1]!;
const spread = (rates: number[]): string =>
  [median(rates), rates.reduce((a, b) => Math.max(a, b))].map((rate) => rate.toFixed(0)).join(' / ');
console.log(`photos a second, median / best of ${ROUNDS} rounds in turn\n`);
console.log('| | RandomResizedCrop 224, flip | short side 256, centre crop 224 |');
console.log('| --- | ---: | ---: |');
for (const { name, rates, end } of contestants) {
  console.log(`| ${name} | ${spread(rates.train)} | ${spread(rates.evaluation)} |`);
  end();
}
spawn(process.execPath, [here('loader-wait.ts'), folder], { stdio: 'inherit' });
