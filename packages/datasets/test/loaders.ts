/** Loaders one after another, and at once, in a process of its own that says when it is at its end: node loaders.ts WAY PICTURE */
import { readFileSync } from 'node:fs';
import { type Batch, type BatchesOptions, batches, type Dataset, decode } from '../src/index.ts';

const [way = '', path = ''] = process.argv.slice(2);
const length = 34;
const dataset: Dataset = {
  name: 'files',
  length,
  labels: new Int32Array(length),
  classNames: ['a'],
  read: () => decode(readFileSync(path), { source: path }),
  file: () => ({ path }),
};
const indices = Array.from({ length }, (_, i) => i);
const open = (options: Partial<BatchesOptions>): AsyncGenerator<Batch> =>
  batches(dataset, indices, { batchSize: 8, ...options });

async function exhaust(options: Partial<BatchesOptions>): Promise<void> {
  for await (const _ of open(options));
}

export const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  async 'fewer pictures than threads at the end'() {
    await exhaust({ workers: 2 });
    await exhaust({ workers: 2, epoch: 1, start: length - 1 });
  },
  async 'another number of threads'() {
    for (const workers of [1, 2, 1]) await exhaust({ workers });
  },
  async 'one loader inside another'() {
    for await (const _ of open({ workers: 2 })) await exhaust({ workers: 2 });
  },
  async 'two loaders side by side'() {
    await Promise.all([exhaust({ workers: 1 }), exhaust({ workers: 2 }), exhaust({ workers: 2 })]);
  },
  async 'two loaders closed at once'() {
    const loaders = [open({ workers: 2 }), open({ workers: 2 })];
    for (const loader of loaders) await loader.next();
    await Promise.all(loaders.map((loader) => loader.return(undefined)));
  },
};

if (import.meta.main) {
  await WAYS[way]!();
  console.log('the end');
}
