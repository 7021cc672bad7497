/** One ResNet-32 training step at batch 128 in turn with PyTorch's on the same machine, each in a process of its own. */
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { comparison } from '../comparison.ts';
import { rivalPython, rounds } from '../environment.ts';
import { type Contestant, enter, present, takeTurns } from '../turns/contestant.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, fastest, median } from '../turns/time.ts';

const TURNS = 15;
/** Turns before that: V8 has compiled what a step runs through, and the allocators have found their sizes. */
const WARM = 20;

const own = (name: string, code: 'parts' | 'plain', backend: string): Promise<Contestant | undefined> =>
  enter(name, [process.execPath, join(import.meta.dirname, 'own-step.ts'), code, backend]);
const besideTorch = (backend: string): Promise<Contestant | undefined> =>
  backend === 'stock'
    ? own('stock tfjs-node (its own addon)', 'plain', backend)
    : own(`longtail on ${backend}`, 'parts', backend);

async function enterPyTorch(): Promise<(Contestant | undefined)[]> {
  const python = rivalPython('torch');
  const script = join(import.meta.dirname, '../networks/networks.py');
  const entered = [];
  for (const layout of python ? ['channels_last', 'contiguous'] : [])
    entered.push(
      await enter(`PyTorch ${layout}`, [python!, script, 'cifar-resnet-32', 'step', '128', layout]),
    );
  return entered;
}

async function run(backends: readonly string[]): Promise<void> {
  const turns = rounds(TURNS);
  const ours = [await own('longtail', 'parts', 'torch'), await own('plain tfjs on torch', 'plain', 'torch')];
  for (const backend of backends) ours.push(await besideTorch(backend));
  const rivals = present(await enterPyTorch());
  const contestants = [...present(ours), ...rivals];
  await takeTurns(contestants, { rounds: turns, warm: WARM });
  const best = fastest(rivals.map(({ times }) => median(times)));
  console.log(`ResNet-32, batch 128, ${turns} rounds in turn\n`);
  console.log(tableHead(['', 'median ms', 'min ms', 'speed against the better PyTorch', 'peak MB']));
  const notes: string[] = [];
  for (const { name, times, end } of contestants) {
    const { peak, more } = await end();
    for (const note of more) notes.push(note);
    const middle = median(times);
    console.log(tableRow([name, cell(middle), cell(fastest(times)), cell(best / middle, 2), cell(peak)]));
  }
  console.log(['', ...notes].join('\n'));
}

export const step: Command = comparison('step', {
  what: 'a ResNet-32 step, beside PyTorch and plain tfjs',
  takes: '2 min',
  needs: 'torch',
  turns: TURNS,
})
  .addArgument(
    new Argument('[backend...]', "ours beside torch, too; stock: tfjs-node's own addon")
      .choices(['tensorflow', 'wasm', 'cpu', 'stock'])
      .default([], 'none'),
  )
  .action(run);
