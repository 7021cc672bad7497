/** `longtail features`: stores of features. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { holdRun } from '../run-lock.ts';
import { print } from './terminal.ts';

async function merge(out: string, parts: readonly string[]): Promise<void> {
  const { mergeStores } = await import('../store/merge-stores.ts');
  const release = await holdRun(resolve(out));
  const { shards, dim, dtype } = await mergeStores(
    resolve(out),
    parts.map((part) => resolve(part)),
  ).finally(release);
  const rows = shards.reduce((sum, shard) => sum + shard.rows, 0);
  print(
    `${rows.toLocaleString('en')} rows of ${dim} ${dtype} in ${shards.length} shards; next: longtail rebalance ${out}`,
  );
}

export function featuresCommand(): Command {
  const merging = new Command('merge')
    .description(
      'parts of a store, extracted with --shard 1/4 to 4/4, put together to the bytes of one extraction',
    )
    .argument('<folder>', 'where the whole store goes')
    .argument('<parts...>', 'folders, in any order')
    .addHelpText('after', '\nExample:\n  longtail features merge features part-1 part-2 part-3 part-4')
    .action(merge);
  return new Command('features').description('stores of features').addCommand(merging);
}
