/** What a run is of, once it is known to be what its stages are of: `dataset.json`, and what may change in `run.json`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { classCounts, DataError } from '@longtail/core';
import type { Fingerprints } from './data-fingerprint.ts';
import type { RecipeData } from './recipe.ts';
import { remedies } from './remedies.ts';
import type { DatasetRecord } from './results.ts';
import { datasetSchema } from './results-schema.ts';
import { openRun, type RunSettings } from './run-directory.ts';
import { samplePictures, tailPictures } from './sample-pictures.ts';
import { readJson, writeJson } from './stored-json.ts';

/** Undefined where it is not there, or damaged: it can be had from the pictures. */
async function known(folder: string): Promise<DatasetRecord | undefined> {
  const path = join(folder, 'dataset.json');
  if (!existsSync(path)) return undefined;
  return readJson(path, { schema: datasetSchema, ...remedies(folder).dataset }).catch((error) => {
    if (error instanceof DataError) return undefined;
    throw error;
  });
}

/** @throws DataError when the classes are not those that were written down */
export async function expectKnownClasses(
  folder: string,
  { train: { classNames } }: RecipeData,
): Promise<void> {
  const before = (await known(folder))?.classNames ?? classNames;
  const length = Math.max(classNames.length, before.length);
  for (let c = 0; c < length; c++)
    if (classNames[c] !== before[c])
      throw new DataError(
        `expected label ${c} to be ${before[c] ?? 'no class'}, as when ${folder} was begun, but now it is ${classNames[c] ?? 'no class'}; give the pictures of before, or start over with --fresh.`,
        { folder, label: c },
      );
}

/** Writes down what the pictures are and where they lie, and options of stage 2. */
export async function recordData(
  folder: string,
  { train, validation, test }: RecipeData,
  { prints, settings }: { prints: Fingerprints; settings: RunSettings },
): Promise<void> {
  const begun = await openRun(folder);
  if (!isDeepStrictEqual(begun, settings)) await writeJson(join(folder, 'run.json'), settings);
  const { name, classNames } = train;
  const { onBadImage } = settings.options;
  const trainCounts = Array.from(classCounts(train.labels, { numClasses: classNames.length }));
  const facts = {
    name,
    classNames,
    trainCounts,
    trainSize: train.length,
    testSize: test.length,
    validation: validation !== undefined,
    fingerprints: prints,
  };
  const { samples, testSamples, ...before } = (await known(folder)) ?? {};
  if (isDeepStrictEqual(before, facts)) return;
  await writeJson(join(folder, 'dataset.json'), {
    ...facts,
    samples: await samplePictures(train, { onBadImage }),
    testSamples: await tailPictures(test, trainCounts, { onBadImage }),
  } satisfies DatasetRecord);
}
