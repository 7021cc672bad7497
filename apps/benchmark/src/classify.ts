/** Stage 2 on one representation, from its features, or its pictures, to the files of its classifiers and their answers. */
import { headOfBaseline, jointName } from './baselines.ts';
import { loadFeatures } from './extract-features.ts';
import { featuresHash } from './features-hash.ts';
import { isLive, type Learned, passesOf } from './head-features.ts';
import { livePasses } from './live-passes.ts';
import { removeLivePasses } from './passes.ts';
import { loadJointHead } from './representation-file.ts';
import { retrain } from './retrain.ts';
import { stampMetadata } from './run-stamp.ts';
import { stageFile, writeArrays } from './stage-file.ts';
import type { Stage } from './stages.ts';
import { trainClassifiers } from './train-classifiers.ts';
import { viewPasses } from './view-passes.ts';

export const classify: Stage = async (run, { sampler, stamp, report }) => {
  const { settings, folder, signal, recipe } = run;
  const start = performance.now();
  const joint = await loadJointHead(stageFile(folder, sampler, 'representation'), {
    name: jointName(settings.options),
  });
  let learned: Learned | undefined;
  try {
    const retrained = await retrain(run, {
      ...{ sampler, stamp },
      onImages: (done, total, note, loss) =>
        report({ done, total, unit: 'img', note, ...(loss !== undefined && { loss }) }),
    });
    const features = await loadFeatures(stageFile(folder, sampler, 'features'));
    const { options, seed } = settings;
    const onImages = (done: number, all: number, note: string) =>
      report({ done, total: all, unit: 'img', note });
    if (passesOf(options) > 0)
      learned = await (isLive(options) ? livePasses : viewPasses)(run, { sampler, stamp, onImages });
    const total = (headOfBaseline(options) ? 3 : 2) * options.headEpochs;
    let done = 0;
    const { weights, predictions, chosen, selection } = await trainClassifiers(joint, features, {
      options,
      seed,
      schedule: recipe.headSchedule,
      learned,
      signal,
      onEpoch: (name, _, loss) =>
        report({ done: ++done, total, unit: 'epochs', note: `${name}  loss ${loss.toFixed(3)}`, loss }),
    });
    const before = features.seconds + retrained.seconds + (learned?.seconds ?? 0);
    const seconds = String(before + (performance.now() - start) / 1000);
    const moved = learned?.statistics ?? [];
    const kept = new Map([...weights, ...retrained.weights, ...moved]);
    const answers = new Map([...predictions, ...retrained.predictions]);
    await writeArrays(stageFile(folder, sampler, 'classifiers'), kept, stampMetadata(stamp));
    await writeArrays(stageFile(folder, sampler, 'predictions'), answers, {
      ...stampMetadata(stamp),
      chosen: JSON.stringify(chosen),
      selection: JSON.stringify(selection),
      features: featuresHash(features),
      seconds,
      ...(features.transform !== undefined && { transform: features.transform }),
      skipped: String(features.train.skipped + (features.validation?.skipped ?? 0) + features.test.skipped),
    });
    await removeLivePasses(folder, sampler);
  } finally {
    learned?.close();
    joint.dispose();
  }
};
