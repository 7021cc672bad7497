/** The stages of a run, each from files to files: train, extract, classify. What comes after needs no engine. */
import { classify } from './classify.ts';
import { fingerprints } from './data-fingerprint.ts';
import { saveFeatures } from './extract-features.ts';
import { extractSplits } from './extract-splits.ts';
import { wantsPictures } from './head-features.ts';
import { type Ranks, ranksOf } from './ranks.ts';
import type { Recipe, RecipeData } from './recipe.ts';
import { expectKnownClasses, recordData } from './record-data.ts';
import type { EngineName } from './results.ts';
import type { RunSettings } from './run-directory.ts';
import { type Stamp, stampMetadata } from './run-stamp.ts';
import { samplerLabel, samplerNames } from './samplers.ts';
import type { SaveEvery } from './save-every.ts';
import { goBackWhereDamaged, isDone } from './stage-done.ts';
import { type StageFile, stageFile } from './stage-file.ts';
import { type Asked, askedTraining, classifyStamp, extractStamp, trainStamp } from './stage-stamps.ts';
import { trainRepresentation } from './train-representation.ts';
import { trainedRepresentation } from './trained-representation.ts';

export interface Progress {
  /** Place among the samplers, from 1. */
  readonly place: number;
  readonly places: number;
  readonly sampler: string;
  readonly stage: 'train' | 'extract' | 'classify';
  readonly done: number;
  readonly total: number;
  /** What `done` counts. */
  readonly unit: 'img' | 'epochs';
  /** Such as "epoch 3/12  loss 0.812". */
  readonly note: string;
  /** The mean since the epoch began, of train and classify. */
  readonly loss?: number;
  /** On the batches of the epoch as they came, 0..1, of train. */
  readonly accuracy?: number;
}

export interface RunContext {
  readonly folder: string;
  readonly settings: RunSettings;
  readonly recipe: Recipe;
  readonly engine: EngineName;
  readonly signal: AbortSignal;
  /** The processes that carry it out together, whose signal is `signal` then; default: this one. */
  readonly ranks?: Ranks;
  readonly onProgress: (progress: Progress) => void;
  /** Before each stage that there is something to do in. */
  readonly onStage?: () => Promise<void>;
  /** Why a stage that was done is done again, in a sentence. */
  readonly onNote?: (note: string) => void;
  /** How often a training is saved. */
  readonly saveEvery?: SaveEvery;
  /** The pictures, read once and only if a stage wants them. */
  readonly data: () => Promise<RecipeData>;
}

/** A stage's own part of {@link Progress}. */
type Report = (progress: Pick<Progress, 'done' | 'total' | 'unit' | 'note' | 'loss' | 'accuracy'>) => void;
interface Work {
  readonly sampler: string;
  readonly stamp: Stamp;
  readonly report: Report;
}
export type Stage = (run: RunContext, work: Work) => Promise<void>;

const train: Stage = async (run, { sampler, stamp, report }) => {
  await trainRepresentation(run.recipe, await run.data(), {
    sampler,
    options: run.settings.options,
    seed: run.settings.seed,
    engine: run.engine,
    stamp,
    path: stageFile(run.folder, sampler, 'representation'),
    ...(run.saveEvery && { saveEvery: run.saveEvery }),
    ranks: ranksOf(run),
    onStep: ({ epoch, epochs, images, totalImages, loss, accuracy }) =>
      report({
        done: images,
        total: totalImages,
        unit: 'img',
        note: `epoch ${epoch}/${epochs}  loss ${loss.toFixed(3)}`,
        loss,
        accuracy,
      }),
  });
};

const extract: Stage = async (run, { sampler, stamp, report }) => {
  const { recipe, settings, folder, data } = run;
  const ranks = ranksOf(run);
  const start = performance.now();
  const sets = await data();
  const { backbone, joint } = await trainedRepresentation(run, sampler);
  try {
    const { features, transform } = await extractSplits(backbone, sets, {
      recipe,
      onBadImage: settings.options.onBadImage,
      ranks,
      onProgress: (done, total, note) => report({ done, total, unit: 'img', note }),
    });
    const seconds = (performance.now() - start) / 1000;
    const of = stampMetadata(stamp);
    const path = stageFile(folder, sampler, 'features');
    await ranks.first(() => saveFeatures(path, features, { seconds, transform, of }));
  } finally {
    backbone.dispose();
    joint.dispose();
  }
};

export type StageName = Progress['stage'];
type StampOf = (asked: Asked, sampler: string) => Promise<Stamp>;
const STAGES: Readonly<Record<StageName, { work: Stage; stampOf: StampOf; writes: readonly StageFile[] }>> = {
  train: { work: train, stampOf: trainStamp, writes: ['representation'] },
  extract: { work: extract, stampOf: extractStamp, writes: ['features'] },
  classify: { work: classify, stampOf: classifyStamp, writes: ['classifiers', 'predictions'] },
};

/**
 * Carries out stages for every sampler of the run, one sampler after another. What is there and of the same stamp stays;
 * a training that is of another is refused, since hours may be in it, and other stages are done again, with a note.
 *
 * @param options.again do what is done already once more; training goes on where it is in any case
 * @returns whether anything was there to do
 * @throws UsageError when the folder holds a training of something else; DataError when what a stage reads is not there,
 *   or damaged; the signal's reason when it is aborted
 */
export async function carryOut(
  run: RunContext,
  stages: readonly StageName[],
  { again = false }: { again?: boolean } = {},
): Promise<boolean> {
  const { folder, settings } = run;
  const prints = once(async () => fingerprints(await run.data()));
  const record = once(async () => recordData(folder, await run.data(), { prints: await prints(), settings }));
  const samplers = samplerNames(settings.options.samplers);
  const ranks = ranksOf(run);
  let isAnything = false;
  const isOfPictures = (stage: StageName): boolean => stage !== 'classify' || wantsPictures(settings.options);
  if (stages.some(isOfPictures)) await expectKnownClasses(folder, await run.data());
  for (const [i, sampler] of samplers.entries()) {
    let isNew = false; // of this sampler: what comes after is done again, too
    for (const stage of stages) {
      ranks.agree();
      run.signal.throwIfAborted();
      const { stampOf, work, writes } = STAGES[stage];
      const isAgain = again || isNew;
      const { stamp, isOver } = await ranks.first(async () => {
        const asked = { ...run, prints };
        if (stage === 'train')
          await goBackWhereDamaged(run, { sampler, stamp: await askedTraining(asked, sampler) });
        const stamp = await stampOf(asked, sampler);
        if (isOfPictures(stage)) await record();
        const isOver = await isDone(run, { sampler, stage, stamp, again: isAgain, writes });
        if (!isOver) await run.onStage?.();
        return { stamp, isOver };
      });
      if (isOver) continue;
      isNew = true;
      isAnything = true;
      const [place, places] = [i + 1, samplers.length];
      const report: Report = (progress) =>
        run.onProgress({ place, places, sampler: samplerLabel(sampler), stage, ...progress });
      await work(run, { sampler, stamp, report });
    }
  }
  return isAnything;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
