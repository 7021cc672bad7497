/** What pictures are normalised with: as told, as the file's metadata says, or as is usual for ImageNet. */
import { DataError, shown } from '@longtail/core';
import type { Statistics } from '../statistics.ts';

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

/** @throws DataError when the metadata says something that is not understood */
export function statisticsOf(metadata: Metadata, { file }: { file: string }): Statistics {
  const format = metadata.get('image.bitmappixelformat');
  if (format && format.toLowerCase() !== 'rgb8')
    throw new DataError(`${file} takes its channels as ${format}; export it for red, green and blue.`, {
      file,
    });
  for (const [mean, std] of PAIRS)
    if (metadata.has(mean) || metadata.has(std))
      return inUnits({
        mean: numbers(metadata, { key: mean, file, isFit: (value) => value >= 0 }),
        std: numbers(metadata, { key: std, file, isFit: (value) => value > 0 }),
      });
  const range = metadata.get('image.nominalpixelrange');
  if (range === undefined) return IMAGENET;
  const expected = `one of ${[...RANGES.keys()].join(', ')}`;
  return (
    RANGES.get(range.toLowerCase()) ?? refuse('Image.NominalPixelRange', { expected, found: range, file })
  );
}

function refuse(key: string, facts: { expected: string; found: string | undefined; file: string }): never {
  const { expected, found, file } = facts;
  throw new DataError(
    `expected ${expected} as ${key} in the metadata of ${file}, but found ${found === undefined ? 'nothing' : shown(found)}; name mean and std as \`statistics\`.`,
    { key, ...facts },
  );
}

function numbers(
  metadata: Metadata,
  { key, file, isFit }: { key: string; file: string; isFit: (value: number) => boolean },
): number[] {
  const found = metadata.get(key);
  const values = parsed(found ?? '');
  if (
    Array.isArray(values) &&
    values.length === 3 &&
    values.every((value) => Number.isFinite(value) && isFit(value))
  )
    return values;
  return refuse(key, { expected: 'three numbers as JSON', found, file });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Numbers above 1 are in units of 0..255. */
function inUnits({ mean, std }: Statistics): Statistics {
  const unit = [...mean, ...std].some((value) => value > 1) ? 255 : 1;
  return { mean: mean.map((value) => value / unit), std: std.map((value) => value / unit) };
}
