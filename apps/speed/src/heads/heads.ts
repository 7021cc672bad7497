/**
 * Heads at ImageNet-LT's size (115,846 features of 2048 numbers, 1000 classes, 50,000 test rows), in turn with plain PyTorch
 * and scikit-learn on the same features and as many threads; a process each.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { comparison, partOfName, worksOf } from '../comparison.ts';
import { rivalPython, rounds } from '../environment.ts';
import { type Contestant, enter, enterOwn, present, takeTurns } from '../turns/contestant.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { median } from '../turns/time.ts';
import { writeHeadFeatures } from './features.ts';
import { HEAD_WORKS, type HeadWork, type Size, sizeOf } from './works.ts';

const TURNS = 3;
const here = (file: string): string => join(import.meta.dirname, file);

/** Writes each set of features once. @returns the folder, the classes and the dimensions, as arguments */
function featureWriter(folder: string, size: Size): (features: HeadWork['features']) => readonly string[] {
  const written = new Map<HeadWork['features'], readonly string[]>();
  return (features) => {
    const known = written.get(features);
    if (known) return known;
    const [own, wanted] = [join(folder, features), sizeOf(features, size)];
    mkdirSync(own);
    writeHeadFeatures(own, wanted);
    const given = [own, String(wanted.counts.length), String(wanted.dim)];
    written.set(features, given);
    return given;
  };
}

/** Its time against ours, round by round: what burdens the machine burdens both. */
const ratio = (ours: Contestant, { times }: Contestant): number =>
  median(times.map((ms, round) => ms / ours.times[round]!));

interface How {
  /** Of heads.py. */
  readonly rivals: readonly string[];
  readonly python: string | undefined;
  /** The arguments of featureWriter. */
  readonly features: readonly string[];
  readonly turns: number;
  readonly warm: number;
}

async function measure({ work, title }: HeadWork, how: How): Promise<string[]> {
  const { rivals, python, features, turns, warm } = how;
  const ours = await enterOwn('longtail', here('own-head.ts'), [work, ...features]);
  const entered: (Contestant | undefined)[] = [ours];
  for (const rival of python ? rivals : [])
    entered.push(await enter(rival, [python!, here('heads.py'), work, rival, ...features]));
  const contestants = present(entered);
  await takeTurns(contestants, { rounds: turns, warm });
  const lines: string[] = [];
  for (const [i, each] of contestants.entries()) {
    const { peak, more } = await each.end();
    const speed = i > 0 ? ratio(ours, each).toFixed(2) : '';
    const figures = [median(each.times).toFixed(0), speed, peak.toFixed(0), Number(more[0]).toPrecision(5)];
    lines.push(tableRow([i > 0 ? '' : title, each.name, ...figures]));
  }
  return lines;
}

async function run(part: string, { size, by }: { size: Size; by: string }): Promise<void> {
  const works = worksOf(HEAD_WORKS, part, ({ title }) => title);
  const [turns, python] = [rounds(TURNS), rivalPython('torch and scikit-learn')];
  const folder = mkdtempSync(join(tmpdir(), 'longtail-heads-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const featuresOf = featureWriter(folder, size);
  console.log(`${size}, medians of ${turns} in turn\n`);
  console.log(tableHead(['head', 'by', 'ms', 'times as long as ours', 'MB', 'found'], { words: 2 }));
  for (const [, work] of works) {
    const rivals = work.rivals.filter((rival) => by === 'all' || rival === by);
    const features = featuresOf(work.features);
    const how = { rivals, python, features, turns, warm: size === 'full' ? 0 : 1 };
    console.log((await measure(work, how)).join('\n'));
  }
}

export const heads: Command = comparison('heads', {
  what: 'heads, beside PyTorch and scikit-learn',
  takes: 'hours; small: 1 h',
  needs: 'torch and scikit-learn',
  turns: TURNS,
})
  .addArgument(partOfName())
  .addOption(
    new Option('--size <size>', 'small: an eighth of the rows').choices(['full', 'small']).default('full'),
  )
  .addOption(
    new Option('--by <rival>', 'beside one of them').choices(['all', 'torch', 'scikit-learn']).default('all'),
  )
  .action(run);
