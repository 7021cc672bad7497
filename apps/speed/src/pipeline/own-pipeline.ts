/**
 * Photos to batches by @longtail/datasets, the twin of pipeline.py: a turn is `train` or `evaluation`, its answer photos a second,
 * from the first batch to the last.
 * usage: own-pipeline.ts PHOTOS
 */
import { availableParallelism } from 'node:os';
import {
  batches,
  centerCrop,
  compose,
  horizontalFlip,
  randomResizedCrop,
  resizeShortSide,
} from '@longtail/datasets';
import { answerTurns, peakOfProcess } from '../turns/answer.ts';
import { photos } from './photos.ts';

const BATCH = 50;
const BATCHES = 20;
const transforms = {
  train: compose(randomResizedCrop(224), horizontalFlip()),
  evaluation: compose(resizeShortSide(256), centerCrop(224)),
};
const dataset = photos(process.argv[2]!);
const order = Int32Array.from({ length: BATCH * BATCHES }, (_, i) => i % dataset.length);

async function rate(transform: keyof typeof transforms, epoch: number): Promise<number> {
  let [first, count] = [0, 0];
  const options = { batchSize: BATCH, transform: transforms[transform], epoch };
  for await (const { labels } of batches(dataset, order, options)) {
    if (first > 0) count += labels.length;
    else first = performance.now();
  }
  return (count / (performance.now() - first)) * 1000;
}

let epoch = 0;
await answerTurns({
  greeting: `Node ${process.version}, ${availableParallelism()} threads`,
  turn: (line) => rate(line as keyof typeof transforms, epoch++),
  end: () => [peakOfProcess()],
});
