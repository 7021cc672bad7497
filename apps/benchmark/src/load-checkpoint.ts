/** A checkpoint's weights in the recipe's backbone, or in another one by its name. */
import {
  ARCHITECTURES,
  type ArchitectureName,
  type Backbone,
  type Loaded,
  loadWeights,
  resNet,
} from '@longtail/backbones';
import { DataError, UsageError } from '@longtail/core';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Recipe } from './recipe.ts';

export interface LoadedCheckpoint extends Pick<Loaded, 'prefix' | 'rest'> {
  readonly backbone: Backbone;
}

const names = Object.keys(ARCHITECTURES);

/** @throws UsageError naming the known ones */
function architectureNamed(name: string): Backbone {
  if (Object.hasOwn(ARCHITECTURES, name)) return resNet(name as ArchitectureName, { seed: 0 });
  throw new UsageError(`--architecture takes one of ${names.join(', ')}, but got "${name}".`);
}

/**
 * @param options.architecture a name of ARCHITECTURES, instead of the recipe's backbone
 * @param options.prefix what stands before the backbone's names, where the file holds several copies
 * @throws DataError when the file is of another architecture, or a weight is not finite; no backbone is left then
 */
export function loadCheckpoint(
  { path, arrays }: CheckpointFile,
  { recipe, architecture, prefix }: { recipe: Recipe; architecture?: string; prefix?: string },
): LoadedCheckpoint {
  const backbone =
    architecture === undefined ? recipe.backbone({ seed: 0 }) : architectureNamed(architecture);
  try {
    const loaded = loadWeights(backbone, arrays, prefix === undefined ? {} : { prefix });
    return { backbone, prefix: loaded.prefix, rest: loaded.rest };
  } catch (error) {
    backbone.dispose();
    throw error instanceof DataError ? refusal(path, error) : error;
  }
}

/** What does not fit, with what the command line can do about it instead of what a program can. */
function refusal(path: string, { message, details }: DataError): DataError {
  const found = message.slice(0, message.lastIndexOf('; '));
  const { missing = [], unexpected = [], misshapen = [] } = details as Record<string, unknown[]>;
  const advice =
    'prefixes' in details
      ? 'name one with --prefix'
      : missing.length + unexpected.length + misshapen.length > 0
        ? `name the architecture that it is of with --architecture, one of ${names.join(', ')}`
        : 'take another copy of the file';
  return new DataError(`${path}: ${found}; ${advice}.`, { path, ...details });
}
