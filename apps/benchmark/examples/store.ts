// node store.ts features
import { readFeatureStore, storeBatches, storeRows } from '@longtail/benchmark';
import { loadEngine } from '@longtail/engine';
import { crt, ncm } from '@longtail/heads';
import { classAware } from '@longtail/samplers';

await loadEngine();
using store = await readFeatureStore(process.argv[2] ?? '', { split: 'train' });
const { dim, labels, classNames } = store; // rows(start, end) and at(indices) give Float32Array
const numClasses = classNames.length;

const nearest = ncm(storeRows(store), labels, { numClasses }); // lda, ridge and logisticRegression take the same

const { indices } = classAware(labels, { seed: 0 }); // without them all rows, shuffled by (seed, epoch)
const batches = storeBatches(store, { batchSize: 512, indices });
const retrained = await crt(batches, { featureDim: dim, numClasses, seed: 0 }); // any trainHead of @longtail/heads
console.log(nearest.name, retrained.name);
