/** What a whole run would take: time, memory and disk, from a few real steps and the files that a few pictures left. */
import type { Dataset } from '@longtail/datasets';
import { indicesOf } from '@longtail/samplers';
import { headOfBaseline } from './baselines.ts';
import { diskNeeded, freeBytes, picturesOf, stage1Disk } from './disk-room.ts';
import { isLive, isMoving, passesOf, passesOnDisk } from './head-features.ts';
import { measureSpeed } from './measure-speed.ts';
import type { Preflight } from './preflight.ts';
import { retrainedNames } from './retrained-parts.ts';
import { findSampler, samplerNames } from './samplers.ts';
import type { RunContext } from './stages.ts';

export interface Estimate {
  readonly seconds: number;
  /** Of stage 1: the seconds of one, and how many there are for all samplers. */
  readonly step: { readonly seconds: number; readonly steps: number };
  /** What goes through the backbone for stage 2, of all samplers: the seconds of a picture, and how many there are. */
  readonly stage2?: { readonly seconds: number; readonly pictures: number };
  /** What is trained once more in stage 2 (Table 1): the seconds of a picture, and how many there are. */
  readonly retrained?: { readonly seconds: number; readonly pictures: number };
  /** Of both, what another run of the same stage 1 need not do: training and extraction, and their files. */
  readonly stage1: { readonly seconds: number; readonly disk: number };
  /** The most that the process holds at once, in bytes; what a GPU holds is not in it. */
  readonly memory: number;
  /** Of all files, and of the largest once more while it is written. */
  readonly disk: number;
  /** Where the run would lie; absent where the system does not say. */
  readonly free?: number;
}

/** Features are read, encoded and sent to the engine. */
const COPIES = 3;

/** @throws as the stages, and the signal's reason when it is aborted */
export async function estimate(run: RunContext, found: Preflight): Promise<Estimate> {
  const { options } = run.settings;
  const { epochs, batchSize, headEpochs, headBatchSize } = options;
  const data = await run.data();
  const orders = await ordersOf(run, data.train);
  const { step, picture, headStep, featureDim } = await measureSpeed(run, orders[0]!);
  const [pictures, networks] = [picturesOf(data), orders.length];
  const stepsOf = (images: number, size: number): number => Math.max(1, Math.floor(images / size));
  const steps = epochs * orders.reduce((sum, { length }) => sum + stepsOf(length, batchSize), 0);
  const headSteps =
    (headOfBaseline(options) ? 3 : 2) * headEpochs * stepsOf(data.train.length, headBatchSize);
  const passes = passesOf(options);
  const again = isMoving(options) ? data.test.length : 0;
  const learned = networks * (passes * data.train.length + again);
  const retrained = networks * retrainedNames(options).length;
  const ofStep = step / Math.min(batchSize, orders[0]!.length);
  const seenAgain =
    retrained * headEpochs * Math.min(data.train.length, options.imagesPerEpoch || Number.POSITIVE_INFINITY);
  const free = await freeBytes(run.folder);
  return {
    seconds:
      steps * step +
      networks * (pictures * picture + headSteps * headStep) +
      (learned + retrained * data.test.length) * picture +
      seenAgain * ofStep,
    step: { seconds: step, steps },
    ...(learned > 0 && { stage2: { seconds: picture, pictures: learned } }),
    ...(seenAgain > 0 && { retrained: { seconds: ofStep, pictures: seenAgain } }),
    stage1: {
      seconds: steps * step + networks * pictures * picture,
      disk: stage1Disk(data, { ...found, networks }),
    },
    memory: Math.max(
      1024 * process.resourceUsage().maxRSS,
      process.memoryUsage.rss() +
        4 * COPIES * featureDim * (pictures + (isLive(options) ? data.train.length : 0)),
    ),
    disk: diskNeeded(data, { ...found, networks, retrained, passes: passesOnDisk(options, { networks }) }),
    ...(free !== undefined && { free }),
  };
}

/** The first epoch of each sampler, as much of it as is used. */
async function ordersOf({ settings: { options, seed } }: RunContext, train: Dataset): Promise<Int32Array[]> {
  const { epochs, samplers, imagesPerEpoch } = options;
  const makers = await Promise.all(samplerNames(samplers).map(findSampler));
  return makers.map((make) => {
    const drawn = indicesOf(make(train.labels, { seed, epochs }), { epoch: 0, images: train.length });
    return drawn.subarray(0, imagesPerEpoch || undefined);
  });
}
