/** A ResNet-32 training step at a global batch of 128 on two cores: two processes of a thread, and one of two; in turn with PyTorch's. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { comparison } from '../comparison.ts';
import { rivalPython, rounds } from '../environment.ts';
import { type Contestant, enter, present, takeTurns } from '../turns/contestant.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, fastest, median } from '../turns/time.ts';

const TURNS = 31;
/** As in step.ts. */
const WARM = 20;
const program = (name: string): string => join(import.meta.dirname, name);

async function enterOurs(mpirun: string): Promise<(Contestant | undefined)[]> {
  const own = [process.execPath, program('own-ranks.ts')] as const;
  return [
    await enter('longtail, 2 x 1', [mpirun, '-n', '2', ...own], { OMP_NUM_THREADS: '1' }),
    await enter('longtail, 1 x 2', own, { OMP_NUM_THREADS: '2' }),
  ];
}

async function enterPyTorch(): Promise<(Contestant | undefined)[]> {
  const python = rivalPython('torch');
  if (!python) return [];
  const torch = (ranks: string, threads: string): Promise<Contestant | undefined> =>
    enter(`PyTorch, ${ranks} x ${threads}`, [python, program('ranks.py'), ranks, threads], {
      OMP_NUM_THREADS: threads,
    });
  return [await torch('2', '1'), await torch('1', '2')];
}

async function run({ mpirun }: { mpirun: string }): Promise<void> {
  const turns = rounds(TURNS);
  const contestants = present([...(await enterOurs(mpirun)), ...(await enterPyTorch())]);
  await takeTurns(contestants, { rounds: turns, warm: WARM });
  const ddp = contestants.find(({ name }) => name === 'PyTorch, 2 x 1');
  const best = ddp ? median(ddp.times) : Number.NaN;
  console.log(`ResNet-32, batch 128 of all processes, ${turns} rounds in turn\n`);
  console.log(
    tableHead(['processes x threads', 'median ms', 'min ms', "speed against PyTorch's 2 x 1", 'peak MB']),
  );
  for (const { name, times, end } of contestants) {
    const { peak } = await end();
    const middle = median(times);
    console.log(tableRow([name, cell(middle), cell(fastest(times)), cell(best / middle, 2), cell(peak)]));
  }
}

export const ranks: Command = comparison('ranks', {
  what: "a ResNet-32 step of 2 processes, beside PyTorch's",
  takes: '3 min',
  needs: 'torch',
  turns: TURNS,
})
  .option('--mpirun <program>', "MPI's launcher", 'mpirun')
  .action(run);
