/** Photo networks, a training step and inference each, in turn with eager PyTorch's in both layouts; a process each. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { comparison, partOfName, worksOf } from '../comparison.ts';
import { rivalPython, rounds } from '../environment.ts';
import { type Contestant, enter, enterOwn, present, takeTurns } from '../turns/contestant.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, median } from '../turns/time.ts';
import { NETWORK_WORKS, type NetworkWork } from './works.ts';

const TURNS = 5;
const here = (file: string): string => join(import.meta.dirname, file);

interface How {
  readonly python: string | undefined;
  readonly turns: number;
}

async function measure({ network, what, batch }: NetworkWork, { python, turns }: How): Promise<string> {
  const work = [network, what, String(batch)];
  const entered: (Contestant | undefined)[] = [await enterOwn('longtail', here('own-network.ts'), work)];
  for (const layout of python ? ['channels_last', 'contiguous'] : [])
    entered.push(await enter(`PyTorch ${layout}`, [python!, here('networks.py'), ...work, layout]));
  const contestants = present(entered);
  await takeTurns(contestants, { rounds: turns, warm: network.startsWith('cifar') ? 15 : 2 });
  const results: { ms: number; peak: number }[] = [];
  for (const { times, end } of contestants) results.push({ ms: median(times), peak: (await end()).peak });
  const [own, ...theirs] = results;
  const best = theirs.toSorted((a, b) => a.ms - b.ms)[0] ?? { ms: Number.NaN, peak: Number.NaN };
  return tableRow([
    `${network}, ${what}, batch ${batch}`,
    ...[cell(own!.ms), cell(best.ms), cell(best.ms / own!.ms, 2), cell(own!.peak), cell(best.peak)],
  ]);
}

async function run(part: string): Promise<void> {
  const works = worksOf(NETWORK_WORKS, part, ({ network, what }) => `${network}, ${what}`);
  const how = { python: rivalPython('torch, torchvision and timm'), turns: rounds(TURNS) };
  console.log(`medians of ${how.turns} in turn\n`);
  const columns = [
    'network',
    'ms',
    'PyTorch, better layout',
    'speed against it',
    'peak MB',
    'PyTorch peak MB',
  ];
  console.log(tableHead(columns));
  for (const [, work] of works) console.log(await measure(work, how));
}

export const networks: Command = comparison('networks', {
  what: 'steps and inference of networks, beside PyTorch',
  takes: '30 min',
  needs: 'torch, torchvision and timm',
  turns: TURNS,
})
  .addArgument(partOfName())
  .action(run);
