/** Without a tensor: the same numbers anywhere, to the last bit. */
import { classCounts, random, renumber } from '@longtail/core';
import {
  decodeSafetensors,
  encodeCsv,
  encodeNpy,
  encodeParquet,
  encodeSafetensors,
  openFeatures,
} from '@longtail/formats';
import { argmax, cohenKappa, evaluate, gini, measure, tallyOver } from '@longtail/metrics';
import { classAware, classBalanced, progressivelyBalanced } from '@longtail/samplers';
import { COUNTS, LABELS, type Program, ROWS } from './set.ts';

async function file(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  const set = await openFeatures(new File([bytes], name));
  const rows = await set.rows(0, set.length);
  await set.close();
  return rows;
}
const array = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const columns = new Map([['features', array]]);

export const PLAIN: Program = {
  core: () => [...classCounts(LABELS), ...renumber(['b', 'a', 'b']).labels, random(0, 'here').normal()],
  samplers: () => [
    ...classBalanced(LABELS, { seed: 0 }).indices(3),
    ...progressivelyBalanced(LABELS, { seed: 0, epochs: 4 }).indices(2),
    ...classAware(LABELS, { seed: 0 }).indices(1),
  ],
  metrics: () => {
    const predictions = ROWS.map((i) => (i * i) % COUNTS.length);
    const { all, many, medium, few, macroF1 } = evaluate(predictions, LABELS, COUNTS);
    const scores = Float32Array.from({ length: 900 }, (_, i) => ((i * 7919) % 601) - 300);
    const classes = argmax(scores, { numClasses: 300 });
    const kappa = cohenKappa(
      measure([{ scores, labels: LABELS.subarray(0, 3) }], tallyOver({ numClasses: 300 })),
    );
    return [all, many!, medium!, few!, macroF1, gini(COUNTS), kappa!, ...classes];
  },
  npy: () => file('a.npy', encodeNpy(array)),
  csv: () => file('a.csv', encodeCsv(columns)),
  parquet: () => file('a.parquet', encodeParquet(columns)),
  safetensors: () =>
    decodeSafetensors(encodeSafetensors(columns)).arrays.get('features')!.data as Float32Array,
};
