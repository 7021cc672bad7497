/**
 * Photos from JPEG files to uint8 batches, in turn with torchvision v2 on the same machine, each in a process of its own
 * with a worker a core; then how long a training step waits for its batch.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import type { Command } from 'commander';
import { comparison } from '../comparison.ts';
import { rivalPython, rounds } from '../environment.ts';
import { type Contestant, enter, enterOwn, present } from '../turns/contestant.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { median } from '../turns/time.ts';

const TURNS = 7;
const TRANSFORMS = { train: 'RandomResizedCrop 224, flip', evaluation: 'short side 256, centre crop 224' };
const here = (file: string): string => join(import.meta.dirname, file);

const spread = (rates: readonly number[]): string =>
  [median(rates), rates.reduce((a, b) => Math.max(a, b))].map((rate) => rate.toFixed(0)).join(' / ');

async function run(folder: string): Promise<void> {
  if (!existsSync(folder) || !readdirSync(folder).some((name) => /\.jpe?g$/i.test(name)))
    throw new UsageError(`expected a folder of JPEGs, but found none in "${folder}"; name another.`);
  const [turns, python] = [rounds(TURNS), rivalPython('torch and torchvision')];
  const entered: (Contestant | undefined)[] = [await enterOwn('longtail', here('own-pipeline.ts'), [folder])];
  const ways = { tensor: 'decode_jpeg and tensors', pil: "ImageFolder's PIL" };
  for (const [way, title] of python ? Object.entries(ways) : [])
    entered.push(await enter(`torchvision v2, ${title}`, [python!, here('pipeline.py'), folder, way]));
  const contestants = present(entered).map((one) => ({ ...one, rates: [[], []] as [number[], number[]] }));
  for (let round = -1; round < turns; round++)
    for (const [column, transform] of Object.keys(TRANSFORMS).entries())
      for (const { turn, rates } of contestants) {
        const rate = await turn(transform);
        if (round >= 0) rates[column]!.push(rate);
      }
  for (const { end } of contestants) await end();
  console.log(`photos a second, median / best of ${turns} rounds in turn\n`);
  console.log(tableHead(['', ...Object.values(TRANSFORMS)]));
  for (const { name, rates } of contestants) console.log(tableRow([name, ...rates.map(spread)]));
  execFileSync(process.execPath, [here('loader-wait.ts'), folder], { stdio: 'inherit' });
}

export const pipeline: Command = comparison('pipeline', {
  what: "photos to batches, beside torchvision's loader",
  takes: '5 min',
  needs: 'torch and torchvision',
  turns: TURNS,
})
  .argument('<photos>', 'a folder of JPEGs')
  .action(run);
