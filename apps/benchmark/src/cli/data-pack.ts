/** `longtail data pack`: a set of large photos, resized once, in shards that are read by offset. */
import { join, resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import type { Dataset } from '@longtail/datasets';
import { Command } from 'commander';
import { bar } from './progress.ts';
import { print, printJson } from './terminal.ts';

export interface PackFlags {
  readonly data: string;
  readonly lists?: string;
  readonly out: string;
  readonly split?: string;
  readonly size: string;
  readonly quality: string;
  readonly orient?: boolean;
  readonly skipBad?: boolean;
  readonly json?: boolean;
}

export interface PackContext {
  readonly signal: AbortSignal;
  /** Opens the set of a name, its splits by name. */
  readonly open: (
    name: string,
    flags: PackFlags,
  ) => Promise<{ readonly splits: { readonly [split: string]: Dataset | undefined } }>;
}

function wholeNumber(name: string, value: string, [least, most]: readonly [number, number]): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new UsageError(`--${name} takes an integer from ${least} to ${most}, but got "${value}".`);
}

async function pack(name: string, flags: PackFlags, { signal, open }: PackContext): Promise<void> {
  const size = wholeNumber('size', flags.size, [1, 10_000]);
  const quality = wholeNumber('quality', flags.quality, [1, 100]);
  const { splits } = await open(name, flags);
  const chosen = flags.split === undefined ? Object.keys(splits) : [flags.split];
  const unknown = chosen.find((split) => !Object.hasOwn(splits, split) || !splits[split]);
  if (unknown !== undefined)
    throw new UsageError(`--split takes ${Object.keys(splits).join(', ')}, but got "${unknown}".`);
  const { packDataset } = await import('@longtail/datasets');
  const done: Record<string, Packed> = {};
  for (const split of chosen) {
    const progress = bar(`packing ${split}`, { unit: 'pictures', counts: true });
    const folder = join(resolve(flags.out), split);
    const dataset = splits[split]!;
    const options = { size, quality, signal, orient: flags.orient ?? false, onProgress: progress.update };
    const onBadImage = flags.skipBad ? 'skip' : 'fail';
    const packed = await packDataset(dataset, { out: folder, ...options, onBadImage }).finally(progress.stop);
    const { pictures } = packed;
    const skipped = packed.skipped.map(({ message }) => message);
    done[split] = { folder, pictures, leftOut: dataset.length - pictures, skipped };
  }
  const next = `next: longtail data stats pack --data ${flags.out}`;
  if (flags.json) printJson(done);
  else print(`${described(done)}\n${next}`);
}

interface Packed {
  readonly folder: string;
  /** In the pack, and left out of it. */
  readonly pictures: number;
  readonly leftOut: number;
  /** Why, of those that this call has met. */
  readonly skipped: readonly string[];
}

const number = (n: number): string => n.toLocaleString('en');

function described(done: Record<string, Packed>): string {
  return Object.entries(done)
    .flatMap(([split, { folder, pictures, leftOut, skipped }]) => [
      `${split}: ${number(pictures)} pictures in ${folder}, ${number(leftOut)} left out`,
      ...skipped.slice(0, 10).map((message) => `  ${message}`),
    ])
    .join('\n');
}

export function dataPackCommand(context: PackContext): Command {
  return new Command('pack')
    .description('photos resized once, as JPEGs in shards: several times as fast to read at each epoch')
    .argument('<dataset>', 'as of "data stats"')
    .requiredOption('--data <folder>', 'where the pictures are')
    .option('--lists <folder>', 'where the lists are (default: with the pictures)')
    .requiredOption(
      '--out <folder>',
      'of the packs, one a split; a pack that was begun there is gone on with',
    )
    .option('--split <name>', 'only this one')
    .option('--size <pixels>', 'short side; smaller pictures stay as they are', '256')
    .option('--quality <1..100>', 'of the JPEGs', '95')
    .option('--orient', "turn pictures upright as EXIF says (torchvision's ImageFolder does not)")
    .option('--skip-bad', 'leave out pictures that cannot be read, and list them')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  longtail data pack inaturalist-2018 --data /data/inat18 --out packs/inat18',
    )
    .action((name: string, flags: PackFlags) => pack(name, flags, context));
}
