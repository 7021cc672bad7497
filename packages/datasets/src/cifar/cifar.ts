/** CIFAR-10 and CIFAR-100 without loss, whole or long-tailed, from the published archives. */
import { checkOptions, DataError } from '@longtail/core';
import { type Dataset, inMemory } from '../dataset.ts';
import { longTail, type Profile } from '../long-tail.ts';
import { type Draw, drawSubset, type Subset, subsetHash } from '../subset.ts';
import { binaryBatch, type CifarBatch, PICTURE, PLANE, pythonBatch } from './batch.ts';
import { cifarFiles, type Found, findCifar } from './files.ts';
import { CIFAR_CLASSES, type CifarName, LAYOUTS } from './layouts.ts';

const LENGTHS = { train: 50_000, test: 10_000 } as const;
type Part = keyof typeof LENGTHS;

export interface LongTailOptions {
  readonly imbalanceFactor?: number;
  readonly profile?: Profile;
  readonly reversed?: boolean;
  readonly draw?: Draw;
  readonly seed?: number;
}

/** Planes to pixels: picture i of the batches, in their order. */
function pixelsOf(batches: readonly CifarBatch[], indices: Int32Array): Uint8Array {
  const pixels = new Uint8Array(indices.length * PICTURE);
  for (const [to, index] of indices.entries()) {
    let [i, b] = [index, 0];
    while (i >= batches[b]!.labels.length) i -= batches[b++]!.labels.length;
    const { bytes, start, stride } = batches[b]!;
    const from = start + i * stride;
    const [red, green, blue] = [0, 1, 2].map((c) => bytes.subarray(from + c * PLANE, from + (c + 1) * PLANE));
    for (let [p, at] = [0, to * PICTURE]; p < PLANE; p++) {
      pixels[at++] = red![p]!;
      pixels[at++] = green![p]!;
      pixels[at++] = blue![p]!;
    }
  }
  return pixels;
}

async function readBatches(name: CifarName, found: Found): Promise<Record<Part, CifarBatch[]>> {
  const [{ layout, path }, file] = [found, await cifarFiles(found)];
  const numClasses = CIFAR_CLASSES[name].length;
  const read = layout.format === 'binary' ? binaryBatch : pythonBatch;
  const part = async (part: Part): Promise<CifarBatch[]> => {
    const batches: CifarBatch[] = [];
    for (const name of layout[part])
      batches.push(await read(file(name), { source: `${path}, ${name}`, numClasses }));
    const length = batches.reduce((sum, { labels }) => sum + labels.length, 0);
    if (length === LENGTHS[part]) return batches;
    throw new DataError(
      `expected ${LENGTHS[part]} ${part} pictures of ${name} in ${path}, but there are ${length}; fetch ${layout.archive} again.`,
      { path, length },
    );
  };
  return { train: await part('train'), test: await part('test') };
}

const labelsOf = (batches: readonly CifarBatch[]): Int32Array =>
  Int32Array.from(batches.flatMap(({ labels }) => [...labels]));

function everywhere(name: string, batches: readonly CifarBatch[], classNames: readonly string[]): Dataset {
  const labels = labelsOf(batches);
  const pixels = pixelsOf(
    batches,
    labels.map((_, i) => i),
  );
  return inMemory(name, { pixels, labels, classNames, shape: [32, 32, 3] });
}

function locate(name: CifarName, data: string): Found {
  const found = findCifar(name, data);
  if (found) return found;
  const names = LAYOUTS[name].map(({ archive, folder }) => `${archive} or ${folder}/`).join(', ');
  throw new DataError(`expected ${names} in ${data}, but none is there; name their folder.`, { data });
}

/**
 * All 50,000 training and 10,000 test pictures.
 *
 * @param data folder with a published archive (binary or python) or what it unpacks to, or the archive itself
 * @throws DataError when there is none, or it is damaged
 * @example
 * const { train, test } = await cifar('cifar-100', 'data');
 */
export async function cifar(name: CifarName, data: string): Promise<{ train: Dataset; test: Dataset }> {
  const { train, test } = await readBatches(name, locate(name, data));
  const classNames = CIFAR_CLASSES[name];
  return {
    train: everywhere(`${name}/train`, train, classNames),
    test: everywhere(`${name}/test`, test, classNames),
  };
}

/**
 * A long tail of its training pictures, and the whole balanced test.
 *
 * @param data as {@link cifar}
 * @param options.imbalanceFactor the largest class by the smallest
 * @param options.reversed the last class is the largest
 * @param options.draw which pictures are kept: those of LDAM's code, or others by `seed`
 * @throws DataError as {@link cifar}
 * @example
 * const { train, test } = await cifarLT('cifar-100', 'data', { imbalanceFactor: 100 }); // 10,847 pictures
 */
export async function cifarLT(
  name: CifarName,
  data: string,
  options: LongTailOptions = {},
): Promise<{ train: Subset; test: Dataset }> {
  const { imbalanceFactor = 100, profile = 'exponential' } = checkOptions(options, { of: 'cifarLT' });
  const { reversed = false, draw = 'ldam', seed = 0 } = options;
  const { train, test } = await readBatches(name, locate(name, data));
  const [classNames, labels] = [CIFAR_CLASSES[name], labelsOf(train)];
  const numClasses = classNames.length;
  const largest = LENGTHS.train / numClasses;
  const counts = longTail({ numClasses, largest, imbalanceFactor, profile, reversed });
  const indices = drawSubset(labels, counts, { draw, seed });
  const pixels = pixelsOf(train, indices);
  const kept = { pixels, labels: indices.map((i) => labels[i]!), classNames, shape: [32, 32, 3] as const };
  return {
    train: { ...inMemory(`${name}-lt/train`, kept), indices, hash: subsetHash(labels, indices) },
    test: everywhere(`${name}-lt/test`, test, classNames),
  };
}
