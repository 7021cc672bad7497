/** What pictures are normalised with: as told, as the file's metadata says, or as is usual for ImageNet. */
import { checkLists, checkNumbers, checkObjects, DataError, InputError } from '@longtail/core';
import type { Statistics } from '../feature-extractor.ts';

type Metadata = ReadonlyMap<string, string>;

const IMAGENET: Statistics = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** In lower case: the keys that exporters write as JSON. */
const PAIRS = [
  ['mean', 'std'],
  ['image_mean', 'image_std'],
] as const;

/** `Image.NominalPixelRange` of https://onnx.ai/onnx/repo-docs/MetadataProps.html, in lower case. */
const RANGES: ReadonlyMap<string, Statistics> = new Map(
  Object.entries({
    nominalrange_0_255: [0, 1 / 255],
    normalized_0_1: [0, 1],
    normalized_1_1: [0.5, 0.5],
  }).map(([range, [mean, std]]) => [range, { mean: Array(3).fill(mean), std: Array(3).fill(std) }]),
);

/** @throws InputError unless mean and std are three numbers each, in units of 0..1 */
export function checkStatistics(statistics: Statistics): void {
  checkObjects({ statistics });
  for (const key of ['mean', 'std'] as const) {
    const values = statistics[key];
    checkLists({ [`statistics.${key}`]: values });
    if (values.length !== 3)
      throw new InputError(`statistics.${key} must be 3 numbers, but there are ${values.length}.`);
    const bounds = key === 'mean' ? { least: 0, most: 1 } : { above: 0, most: 1 };
    for (const [channel, value] of [...values].entries())
      checkNumbers({ [`statistics.${key}[${channel}]`]: value }, bounds);
  }
}

/** @throws DataError when the metadata says something that is not understood */
export function statisticsOf(metadata: Metadata, { file }: { file: string }): Statistics {
  const format = metadata.get('image.bitmappixelformat');
  const range = metadata.get('image.nominalpixelrange');
  const refuse = (key: string, value: string | undefined): never => {
    throw new DataError(
      `${file} says ${key} = ${JSON.stringify(value?.slice(0, 40))}, which is not understood; name mean and std as \`statistics\`.`,
      { file, key, value },
    );
  };
  if (format && format.toLowerCase() !== 'rgb8')
    throw new DataError(`${file} takes its channels as ${format}; export it for red, green and blue.`, {
      file,
    });
  for (const [mean, std] of PAIRS) {
    if (!metadata.has(mean) && !metadata.has(std)) continue;
    const [means, stds] = [mean, std].map(
      (key) => numbers(metadata.get(key)) ?? refuse(key, metadata.get(key)),
    );
    return inUnits(means!, stds!);
  }
  if (range === undefined) return IMAGENET;
  return RANGES.get(range.toLowerCase()) ?? refuse('Image.NominalPixelRange', range);
}

function numbers(text: string | undefined): number[] | undefined {
  try {
    const values: unknown = JSON.parse(text ?? '');
    const isFit = Array.isArray(values) && values.length === 3 && values.every(Number.isFinite);
    return isFit ? values : undefined;
  } catch {
    return undefined;
  }
}

/** Numbers above 1 are in units of 0..255. */
function inUnits(mean: number[], std: number[]): Statistics {
  const unit = [...mean, ...std].some((value) => value > 1) ? 255 : 1;
  return { mean: mean.map((value) => value / unit), std: std.map((value) => value / unit) };
}
