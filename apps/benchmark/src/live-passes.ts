/**
 * Stage 2 as published: every epoch augmented pictures go through the frozen backbone. The official code (run_networks.py) takes
 * the backbone's weights out of training and calls model.train() on all networks each epoch, so that features are normalised by the
 * batch, and the running statistics, from where stage 1 left them, go a tenth of the way to those of each batch (of several GPUs, of
 * the first one's share). At evaluation the test pictures are normalised by the statistics of the best epoch. So it is here, but the
 * epoch is the last, and there is one share: of several processes the first makes these passes alone, since each batch begins where the
 * one before left the statistics. NCM, tau-normalised and joint head have the statistics of stage 1, there and here.
 *
 * No head moves a number of this: one pass serves cRT and LWS, which draw the same pictures. (There they are two trainings, of
 * other shuffles.) A pass is a file, so a stopped stage 2 goes on at the first epoch that is not there.
 */
import type { Backbone } from '@longtail/backbones';
import { classAware } from '@longtail/samplers';
import * as z from 'zod';
import type { Features } from './extract-features.ts';
import { extractSplit } from './extract-splits.ts';
import { isMoving, type Learned } from './head-features.ts';
import { livePassBatches, makeLivePass } from './live-pass.ts';
import { restoreStatistics, savedStatistics } from './moved-statistics.ts';
import { livePass } from './passes.ts';
import { alone, ranksOf } from './ranks.ts';
import type { RecipeData } from './recipe.ts';
import { remedies } from './remedies.ts';
import { type Stamp, stampMetadata } from './run-stamp.ts';
import { readArrays, readHeader, writeArrays } from './stage-file.ts';
import { outdated } from './stage-stamps.ts';
import type { RunContext } from './stages.ts';
import type { Remedy } from './stored-json.ts';
import { trainedRepresentation } from './trained-representation.ts';

export interface LearnWork {
  readonly sampler: string;
  /** Of the classifiers. */
  readonly stamp: Stamp;
  /** Pictures that have gone through the backbone. */
  readonly onImages: (done: number, total: number, note: string) => void;
}

type Run = Pick<RunContext, 'folder' | 'recipe' | 'settings' | 'signal' | 'ranks' | 'data'>;
type OnImages = (done: number, note: string) => void;

/** A pass is a function of its epoch: neither their number nor rate and decay of the heads have a part in it. */
function passStamp({ train, extract, classify }: Stamp): Stamp {
  const { headEpochs, headLearningRate, headWeightDecay, ...own } = classify!;
  return { train, ...(extract && { extract }), classify: own };
}

const remedyOf = (folder: string): Remedy => {
  const { after } = remedies(folder).classifiers;
  return { after, mend: `delete it and run "${after}" again` }; // which keeps the passes that it finds
};

/** The first epoch whose pass is not there, and the seconds that those before took. */
async function madePasses(
  paths: readonly string[],
  { stamp, folder }: { stamp: Stamp; folder: string },
): Promise<{ made: number; seconds: number }> {
  let [made, seconds] = [0, 0];
  for (const path of paths) {
    if ((await outdated(path, stamp)) !== undefined) break;
    seconds += (await readHeader(path, remedyOf(folder))).json('seconds', z.number());
    made++;
  }
  return { made, seconds };
}

/** Makes the passes that are not there, and leaves the backbone of the first process with the statistics of the last one. */
async function makePasses(
  backbone: Backbone,
  paths: readonly string[],
  { run, stamp, onImages }: { run: Run; stamp: Stamp; onImages: OnImages },
): Promise<{ seconds: number }> {
  const { folder, settings, data } = run;
  const { options, seed } = settings;
  const ranks = ranksOf(run);
  const { train } = await data();
  const training = isMoving(options);
  const { made, seconds } = await ranks.first(() => madePasses(paths, { stamp, folder }));
  if (training && made > 0) restoreStatistics(backbone, await readArrays(paths[made - 1]!, remedyOf(folder)));
  const drawn = classAware(train.labels, { seed });
  for (let epoch = made; epoch < paths.length; epoch++) {
    const start = performance.now();
    let seen = epoch * train.length;
    const arrays = await makeLivePass(backbone, train, drawn.indices(epoch), {
      ...run,
      training,
      epoch: options.epochs + epoch, // the augmentation of stage 1 goes on
      onBatch(pictures) {
        seen += pictures;
        onImages(seen, `epoch ${epoch + 1}/${paths.length}`);
      },
    });
    const moved = training ? savedStatistics(backbone) : [];
    const all = new Map([...arrays, ...moved]);
    const seconds = String((performance.now() - start) / 1000);
    await ranks.first(() => writeArrays(paths[epoch]!, all, { ...stampMetadata(stamp), seconds }));
  }
  return { seconds };
}

/**
 * @returns what the first process learns from: the others share the pictures of all passes whose statistics stay, and of the test
 * @throws as makeLivePass, and DataError for a pass that is damaged; no tensor is left
 */
export async function livePasses(run: Run, { sampler, stamp, onImages }: LearnWork): Promise<Learned> {
  const { folder, settings, data } = run;
  const sets = await data();
  const { train, test } = sets;
  const { headEpochs } = settings.options;
  const isTested = isMoving(settings.options);
  const paths = Array.from({ length: headEpochs }, (_, epoch) => livePass(folder, sampler, epoch));
  const seen = headEpochs * train.length;
  const onMore: OnImages = (done, note) => onImages(done, seen + (isTested ? test.length : 0), note);
  const { backbone, joint } = await trainedRepresentation(run, sampler);
  try {
    const make = (own: Run): Promise<{ seconds: number }> =>
      makePasses(backbone, paths, { run: own, stamp: passStamp(stamp), onImages: onMore });
    const ranks = ranksOf(run);
    const { seconds } = isTested
      ? await ranks.first((signal) => make({ ...run, signal, ranks: alone(signal) }))
      : await make(run);
    if (isTested) ranks.collective?.broadcast([...backbone.weights.values()]);
    const onTest = (done: number): void => onMore(seen + done, 'test pictures');
    return {
      batches: livePassBatches(paths, remedyOf(folder)),
      ...(isTested && { test: await testFeatures(backbone, sets, { run, onProgress: onTest }) }),
      statistics: isTested ? savedStatistics(backbone) : new Map(),
      seconds,
      close: () => {},
    };
  } finally {
    backbone.dispose();
    joint.dispose();
  }
}

async function testFeatures(
  backbone: Backbone,
  data: RecipeData,
  { run, onProgress }: { run: Run; onProgress: (done: number) => void },
): Promise<Features> {
  const { recipe, settings } = run;
  const { onBadImage } = settings.options;
  const how = { recipe, ranks: ranksOf(run), onBadImage, onProgress };
  return (await extractSplit(backbone, data, data.test, how)).features;
}
