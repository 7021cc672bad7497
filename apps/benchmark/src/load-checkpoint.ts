/** A checkpoint's weights in the recipe's backbone, or in another one by its name. */
import {
  ARCHITECTURES,
  type ArchitectureName,
  type Backbone,
  type Loaded,
  loadWeights,
  resNet,
  VIT_ARCHITECTURES,
} from '@longtail/backbones';
import { DataError, UsageError } from '@longtail/core';
import type { NamedArrays } from '@longtail/formats';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { PictureSource } from './recipe.ts';
import {
  isTransformer,
  isTransformerName,
  loadTransformer,
  transformerFor,
} from './transformer-checkpoint.ts';

export interface LoadedCheckpoint extends Pick<Loaded, 'prefix' | 'rest'> {
  readonly backbone: Backbone;
  /** `224 x 224`, where the weights are of pictures of one size, and positions are resized for others. */
  readonly pictureSize?: string;
}

const names = [ARCHITECTURES, VIT_ARCHITECTURES].flatMap((table) => Object.keys(table));

interface Choice {
  readonly recipe: PictureSource;
  readonly architecture?: string;
  readonly prefix?: string;
}

/** @throws UsageError naming the known ones */
function backboneFor(
  arrays: NamedArrays,
  { recipe, architecture: name, prefix }: Choice,
): Pick<LoadedCheckpoint, 'backbone' | 'pictureSize'> {
  if (name === undefined && recipe.backbone) return { backbone: recipe.backbone({ seed: 0 }) };
  if (name === undefined)
    throw new UsageError(
      `--checkpoint without --recipe needs --architecture, one of ${names.join(', ')}; name it.`,
    );
  if (isTransformerName(name)) return transformerFor(name, arrays, prefix);
  if (Object.hasOwn(ARCHITECTURES, name)) return { backbone: resNet(name as ArchitectureName, { seed: 0 }) };
  throw new UsageError(`--architecture takes one of ${names.join(', ')}, but got "${name}".`);
}

/**
 * @param options.architecture a name of ARCHITECTURES or VIT_ARCHITECTURES, instead of the recipe's backbone
 * @param options.prefix what stands before the backbone's names, where the file holds several copies
 * @throws DataError when the file is of another architecture, or a weight is not finite; no backbone is left then
 */
export function loadCheckpoint({ path, arrays }: CheckpointFile, choice: Choice): LoadedCheckpoint {
  const { prefix } = choice;
  let made: ReturnType<typeof backboneFor> | undefined;
  try {
    made = backboneFor(arrays, choice);
    const { prefix: found, rest } = isTransformer(made.backbone)
      ? loadTransformer(made.backbone, arrays, prefix)
      : loadWeights(made.backbone, arrays, prefix === undefined ? {} : { prefix });
    return { ...made, prefix: found, rest };
  } catch (error) {
    made?.backbone.dispose();
    throw error instanceof DataError ? refusal(path, error) : error;
  }
}

type Refused = { finding?: string } & Record<'missing' | 'unexpected' | 'misshapen', unknown[]>;

/** What does not fit, with what the command line can do about it instead of what a program can. */
function refusal(path: string, { message, details }: DataError): DataError {
  const {
    finding = message.replace(/\.$/, ''),
    missing = [],
    unexpected = [],
    misshapen = [],
  } = details as Refused;
  const advice =
    'prefixes' in details
      ? 'name one with --prefix'
      : missing.length + unexpected.length + misshapen.length > 0
        ? `name the architecture that it is of with --architecture, one of ${names.join(', ')}`
        : 'take another copy of the file';
  return new DataError(`${path}: ${finding}; ${advice}.`, { path, ...details });
}
