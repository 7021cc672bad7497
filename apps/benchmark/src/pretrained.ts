/** Weights to begin a backbone with: Places-LT's ResNet-152 was trained on ImageNet before (section 5.1). */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Backbone, loadWeights } from '@longtail/backbones';
import { DataError, UsageError } from '@longtail/core';
import { readCheckpoint } from './checkpoint-file.ts';
import type { Recipe } from './recipe.ts';

/**
 * @param path what `--set pretrained=` says, '' for nothing
 * @returns the whole path, '' for none
 * @throws UsageError when the recipe's backbone begins with weights that are not named; DataError when they are not there
 */
export function pretrainedPath(
  { name, needsPretrained = false }: Pick<Recipe, 'name' | 'needsPretrained'>,
  path: string,
): string {
  if (needsPretrained && path === '')
    throw new UsageError(
      `the backbone of ${name} begins with weights that were trained before: name their file by --set pretrained=FILE.`,
    );
  if (path === '' || existsSync(path)) return path && resolve(path);
  throw new DataError(
    `expected pretrained weights in ${resolve(path)}, but there is no such file; name it by --set pretrained=FILE.`,
    { path },
  );
}

/**
 * Assigns a checkpoint's weights to a backbone of the same architecture; a head in the file is left alone.
 *
 * @throws DataError when the file is missing, damaged, or of another architecture; the backbone stays as it was then
 */
export async function loadPretrained(backbone: Backbone, path: string): Promise<void> {
  const { arrays } = await readCheckpoint(path);
  try {
    loadWeights(backbone, arrays);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(`${path}: ${cause.message}`, { path, ...cause.details }, { cause });
  }
}
