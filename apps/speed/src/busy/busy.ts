/**
 * One ResNet-32 training step at batch 128 beside busy processes, by how long OpenMP's threads spin while they wait (GOMP_SPINCOUNT): what
 * the engine sets for itself where the machine is busy at its start, in turn with libgomp's own.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { comparison, wholeNumber } from '../comparison.ts';
import { rounds } from '../environment.ts';
import { type Contestant, enterOwn, takeTurns } from '../turns/contestant.ts';
import { median } from '../turns/time.ts';

const TURNS = 9;
/** libgomp's own where no policy is asked for, and the engine's. */
const SPINS = ['300000', '3000'];

async function run(processes: number): Promise<void> {
  const turns = rounds(TURNS);
  const program = join(import.meta.dirname, '../networks/own-network.ts');
  const work = ['cifar-resnet-32', 'step', '128'];
  const contestants: Contestant[] = [];
  for (const spins of SPINS)
    contestants.push(await enterOwn(`GOMP_SPINCOUNT=${spins}`, program, work, { GOMP_SPINCOUNT: spins }));
  await takeTurns(contestants, { rounds: 0, warm: 5 });
  const others = Array.from({ length: processes }, () => spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    await takeTurns(contestants, { rounds: turns, warm: 1 });
  } finally {
    for (const child of others) child.kill();
  }
  const [own, set] = contestants.map(({ times }) => median(times));
  for (const { end } of contestants) await end();
  console.log(
    `beside ${processes} busy processes, medians of ${turns} in turn: ${own!.toFixed(0)} ms as libgomp spins, ${set!.toFixed(0)} ms with GOMP_SPINCOUNT=3000, ${(own! / set!).toFixed(1)} times as fast`,
  );
}

export const busy: Command = comparison('busy', {
  what: 'a ResNet-32 step beside busy processes, 2 ways',
  takes: '1 min',
  turns: TURNS,
})
  .argument('[processes]', 'busy ones (default: one a core)', wholeNumber, availableParallelism())
  .action(run);
