/**
 * Stage 2 on one representation, from its features, or its pictures, to the files of its classifiers and their answers. Of several
 * processes the first learns the heads, which takes seconds, and writes; all share the pictures of live passes and the scoring.
 */
import type { Head } from '@longtail/heads';
import { weightsOf } from './answers.ts';
import { headOfBaseline } from './baselines.ts';
import { type FeatureSets, type Features, type FeaturesRecord, loadFeatures } from './extract-features.ts';
import { featuresHash } from './features-hash.ts';
import { isLive, isMoving, type Learned, passesOf } from './head-features.ts';
import { type LearnWork, livePasses } from './live-passes.ts';
import { removeLivePasses } from './passes.ts';
import { onFirst, type Ranks, ranksOf } from './ranks.ts';
import { type Retrained, retrain } from './retrain.ts';
import { stampMetadata } from './run-stamp.ts';
import { type SharedAnswers, sharedAnswers } from './shared-answers.ts';
import { stageFile, writeArrays } from './stage-file.ts';
import type { RunContext, Stage } from './stages.ts';
import { type TrainedClassifiers, trainClassifiers } from './train-classifiers.ts';
import { trainedJointHead } from './trained-representation.ts';
import { viewPasses } from './view-passes.ts';

type Work = Parameters<Stage>[1];

/** What the first process begins with; the head is the caller's to dispose. */
interface Begun {
  readonly retrained: Retrained;
  readonly features: FeatureSets & FeaturesRecord;
  readonly joint: Head;
}

async function begin(run: RunContext, work: Parameters<typeof retrain>[1]): Promise<Begun> {
  const retrained = await retrain(run, work);
  const features = await loadFeatures(stageFile(run.folder, work.sampler, 'features'));
  const joint = await trainedJointHead(run, work.sampler);
  return { retrained, features, joint };
}

/** What cRT and LWS learn from, where it is made of pictures; views by the first process alone. */
async function learnedFrom(run: RunContext, work: LearnWork): Promise<Learned | undefined> {
  const { options } = run.settings;
  if (passesOf(options) === 0) return undefined;
  if (isLive(options)) return livePasses(run, work);
  return onFirst(ranksOf(run), (signal) => viewPasses({ ...run, signal }, work));
}

function learn(
  { settings, signal, recipe }: RunContext,
  { joint, features, learned }: Begun & { learned: Learned | undefined },
  report: Work['report'],
): Promise<TrainedClassifiers> {
  const { options, seed } = settings;
  const total = (headOfBaseline(options) ? 3 : 2) * options.headEpochs;
  let done = 0;
  return trainClassifiers(joint, features, {
    options,
    seed,
    schedule: recipe.headSchedule,
    learned,
    signal,
    onEpoch: (name, _, loss) =>
      report({ done: ++done, total, unit: 'epochs', note: `${name}  loss ${loss.toFixed(3)}`, loss }),
  });
}

/**
 * The answers to the test pictures; heads that learned from moving statistics see them by the last of these.
 *
 * @param own of the first process
 */
async function score(
  own: { heads: readonly Head[]; test: Features; moved: Features | undefined } | undefined,
  { isMoved, ranks }: { isMoved: boolean; ranks: Ranks },
): Promise<SharedAnswers> {
  const sees = ({ name }: Head): boolean => isMoved && ['crt', 'lws', 'mislas'].includes(name);
  const still = own && { heads: own.heads.filter((head) => !sees(head)), features: own.test, sweeps: true };
  const found = await sharedAnswers(still, ranks);
  if (!isMoved) return found;
  const moved = own && { heads: own.heads.filter(sees), features: own.moved!, sweeps: false };
  const more = await sharedAnswers(moved, ranks);
  return { ...found, answers: new Map([...found.answers, ...more.answers]) };
}

export const classify: Stage = async (run, { sampler, stamp, report }) => {
  const { folder, settings } = run;
  const ranks = ranksOf(run);
  const start = performance.now();
  const onImages = (done: number, total: number, note: string, loss?: number): void =>
    report({ done, total, unit: 'img', note, ...(loss !== undefined && { loss }) });
  const work = { sampler, stamp, onImages };
  const begun = await onFirst(ranks, (signal) => begin({ ...run, signal }, work));
  const heads: Head[] = begun ? [begun.joint] : [];
  let learned: Learned | undefined;
  try {
    learned = await learnedFrom(run, work);
    const trained = await onFirst(ranks, (signal) =>
      learn({ ...run, signal }, { ...begun!, learned }, report),
    );
    for (const head of trained?.heads ?? []) heads.push(head);
    const own = begun && { heads, test: begun.features.test, moved: learned?.test };
    const { answers, scored } = await score(own, { isMoved: isMoving(settings.options), ranks });
    await ranks.first(async () => {
      const { features, retrained } = begun!;
      const { train, validation, test } = features;
      const weights = heads.flatMap((head) => weightsOf(head, head.name));
      const kept = new Map([...weights, ...retrained.weights, ...(learned?.statistics ?? [])]);
      const labels = { shape: [test.labels.length], data: test.labels };
      const found = new Map([['labels', labels], ...answers, ...retrained.predictions]);
      const before = features.seconds + retrained.seconds + (learned?.seconds ?? 0);
      await writeArrays(stageFile(folder, sampler, 'classifiers'), kept, stampMetadata(stamp));
      await writeArrays(stageFile(folder, sampler, 'predictions'), found, {
        ...stampMetadata(stamp),
        chosen: JSON.stringify(trained!.chosen),
        selection: JSON.stringify(trained!.selection),
        features: featuresHash(features),
        seconds: String(before + (performance.now() - start) / 1000),
        scored: JSON.stringify([...scored]), // rows, by process
        ...(features.transform !== undefined && { transform: features.transform }),
        skipped: String(train.skipped + (validation?.skipped ?? 0) + test.skipped),
      });
      await removeLivePasses(folder, sampler);
    });
  } finally {
    learned?.close();
    for (const head of heads) head.dispose();
  }
};
