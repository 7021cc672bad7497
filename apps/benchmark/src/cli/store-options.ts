/** The options of a store of features, as they are typed, and their values. */
import { UsageError } from '@longtail/core';
import { type Command, Option } from 'commander';
import type { StoreOptions } from '../store/extract-store.ts';
import { LAYERS, type Layer } from '../store/layers.ts';
import { DTYPES, SPLITS, type SplitName } from '../store/manifest.ts';
import type { StorePart } from '../store/plan.ts';

export interface StoreFlags {
  readonly views?: string;
  readonly shard?: string;
  readonly layer?: Layer;
  readonly dtype?: (typeof DTYPES)[number];
  readonly shardRows?: string;
  readonly splits?: string;
}

const options = (): Option[] => [
  new Option('--dtype <type>', 'of a store: float16 takes half the disk (default: float32)').choices(DTYPES),
  new Option(
    '--layer <name>',
    'of a store; penultimate: the input of the last stage or block, pooled (default: last)',
  ).choices(LAYERS),
  new Option('--views <count>', 'of a store: augmented passes over the training pictures, by --seed'),
  new Option('--splits <names>', 'of a store, with commas between (default: all that the recipe has)'),
  new Option('--shard-rows <count>', 'pictures a shard of a store (default: 4096)'),
  new Option(
    '--shard <part/parts>',
    'one part of a store, such as 1/4; "longtail features merge" joins them',
  ),
];

export const withStore = (command: Command): Command =>
  options().reduce((so, option) => so.addOption(option), command);

const KEYS = ['dtype', 'layer', 'views', 'splits', 'shardRows', 'shard'] as const;

/** @throws UsageError where there is an option of a store, and no store */
export function expectNoStore(flags: StoreFlags, why: string): void {
  const stray = KEYS.find((key) => flags[key] !== undefined);
  if (stray === undefined) return;
  const name = stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${name} is of a store of features, but ${why}; name a folder with --out.`);
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--${name} takes an integer from 1, but got "${text}".`);
}

function partOf(text: string): StorePart {
  const [, index, of] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  if (index && of && Number(index) <= Number(of)) return { index: Number(index), of: Number(of) };
  throw new UsageError(`--shard takes PART/PARTS, from 1/4 to 4/4 for four parts, but got "${text}".`);
}

/** In the order in which a store has them. */
function splitsOf(text: string): SplitName[] {
  const names = text.split(',');
  const wrong = names.find((name) => !SPLITS.includes(name as SplitName));
  if (wrong !== undefined)
    throw new UsageError(`--splits takes ${SPLITS.join(', ')} with commas between, but got "${text}".`);
  return SPLITS.filter((name) => names.includes(name));
}

/** @throws UsageError for what is none */
export function storeOptions(flags: StoreFlags): StoreOptions & { layer: Layer } {
  const { dtype, layer = 'last', shard, splits } = flags;
  const [views, shardRows] = [wholeNumber('views', flags.views), wholeNumber('shard-rows', flags.shardRows)];
  return {
    layer,
    ...(dtype && { dtype }),
    ...(views !== undefined && { views }),
    ...(shardRows !== undefined && { shardRows }),
    ...(splits !== undefined && { splits: splitsOf(splits) }),
    ...(shard !== undefined && { part: partOf(shard) }),
  };
}
