/** Wrong arguments are refused in one sentence, never by a TypeError from further down. */
import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import {
  cifar,
  cifar10LT,
  cifarArchives,
  cifarLT,
  drawSubset,
  gitBlob,
  imageFolder,
  imagenetLT,
  inaturalist2018,
  inMemory,
  ldamSubset,
  longTail,
  mnist,
  mnistLT,
  openPack,
  packDataset,
  pictureCsv,
  pictureList,
  placesLT,
  readCocoJson,
  readCsvList,
  readIdx,
  readListFile,
  shiftedCounts,
  shiftedTest,
  subsetHash,
  subsetOf,
  tinyImagenet,
  tinyImagenetLT,
} from '../src/index.ts';

// What JavaScript may hand over, whatever the types say.
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are of any type
const any = (value: unknown): any => value;

const tail = (options: object) => () =>
  longTail({ numClasses: 4, largest: 8, imbalanceFactor: 2, ...options });
const memory = (options: object) => () =>
  inMemory('two', {
    pixels: new Uint8Array(6),
    labels: Int32Array.of(0, 1),
    classNames: ['a', 'b'],
    shape: [1, 1, 3],
    ...options,
  });
const set = memory({})();
const labels = [0, 0, 1, 1];
const file = { ...set, file: () => ({ path: 'x' }) };

describe('wrong arguments', () => {
  it.each<[string, () => unknown, string]>([
    [
      'longTail',
      tail({ numClasses: 2.5 }),
      'numClasses must be an integer from 1 to 1000000, but it is 2.5.',
    ],
    ['longTail', tail({ numClasses: 1e12 }), 'but it is 1000000000000.'],
    ['longTail', tail({ numClasses: any('4') }), 'but it is "4".'],
    ['longTail', tail({ imbalanceFactor: Number.POSITIVE_INFINITY }), 'but got 8 and Infinity.'],
    ['longTail', tail({ largest: Number.NaN }), 'but got NaN and 2.'],
    ['longTail', tail({ largest: 2 ** 40 }), 'but got 1099511627776 and 2.'],
    [
      'longTail',
      tail({ profile: any('toString') }),
      'profile must be one of exponential, step, pareto, but it is "toString"',
    ],
    [
      'drawSubset',
      () => drawSubset(labels, [1, 1], { draw: any('toString') }),
      'draw must be one of ldam, seeded',
    ],
    ['drawSubset', () => drawSubset(labels, [1, 1], { seed: 1 }), "seed 1 was given to the draw 'ldam'"],
    ['drawSubset', () => drawSubset(labels, [1, 1.5]), 'but counts[1] is 1.5.'],
    ['drawSubset', () => drawSubset(labels, [1, Number.NaN]), 'but counts[1] is NaN.'],
    ['drawSubset', () => drawSubset(labels, [1, -1]), 'but counts[1] is -1.'],
    ['drawSubset', () => drawSubset(labels, any([1n, 1n])), 'but counts[0] is 1n.'],
    [
      'drawSubset',
      () => drawSubset(labels, any(undefined)),
      'counts must be an array or a typed array, but it is undefined.',
    ],
    [
      'drawSubset',
      () => drawSubset(any(null), [1, 1]),
      'labels must be an array or a typed array, but it is null.',
    ],
    ['subsetOf', () => subsetOf(set, [1.5]), 'two has the pictures 0 to 1, but indices[0] is 1.5.'],
    ['subsetOf', () => subsetOf(set, [0, Number.NaN]), 'but indices[1] is NaN.'],
    ['subsetOf', () => subsetOf(set, any(undefined)), 'indices must be an array or a typed array'],
    [
      'subsetHash',
      () => subsetHash(labels, [4]),
      'indices must be integers from 0 to 3, but indices[0] is 4.',
    ],
    [
      'shiftedTest',
      () => shiftedTest(labels, any(3), { direction: 'forward', imbalanceFactor: 2 }),
      'trainCounts',
    ],
    [
      'shiftedCounts',
      () => shiftedCounts([3, Number.NaN], { largest: 2, direction: 'forward', imbalanceFactor: 2 }),
      'but trainCounts[1] is NaN.',
    ],
    [
      'shiftedCounts',
      () => shiftedCounts([3, 1], { largest: 2, direction: any('toString'), imbalanceFactor: 2 }),
      'direction must be one of forward, backward',
    ],
    [
      'inMemory',
      memory({ labels: Int32Array.of(0) }),
      'needs 1 x [1, 1, 3] bytes of pixels for its labels, but got 6.',
    ],
    ['inMemory', memory({ labels: Int32Array.of(0, 2) }), 'labels[1] is 2'],
    ['inMemory', memory({ labels: any(undefined) }), 'labels must be an array or a typed array'],
    ['inMemory', memory({ pixels: any(undefined) }), 'but got undefined.'],
    ['inMemory', memory({ shape: any([1, 1.5, 3]) }), 'but shape[1] is 1.5.'],
    ['imageFolder', () => imageFolder(any(undefined)), 'root must be a path, but it is undefined.'],
    [
      'imageFolder',
      () => imageFolder('.', { classNames: ['ant', 'bee', 'ant'] }),
      'classNames must be texts that all differ, but classNames[2] is "ant".',
    ],
    ['readCsvList', () => readCsvList('x.csv', { classNames: any('ant') }), 'classNames must be an array'],
    ['openPack', () => openPack('x', { classNames: any([1]) }), 'but classNames[0] is 1.'],
    ['pictureList', () => pictureList(any(undefined)), 'source must be a path'],
    ['pictureList', () => pictureList('x.txt', { numClasses: 1.5 }), 'numClasses must be an integer'],
    ['pictureCsv', () => pictureCsv(any(7)), 'source must be a path, but it is 7.'],
    [
      'ldamSubset',
      () => ldamSubset(labels, [1, 1], { seed: any('1') }),
      'seed must be an integer from 0 to 4294967295, but it is "1".',
    ],
    ['readListFile', () => readListFile(any(undefined)), 'source must be a path'],
    ['readCsvList', () => readCsvList(any(undefined)), 'source must be a path'],
    ['readCocoJson', () => readCocoJson(any(null)), 'source must be a path'],
    ['readIdx', () => readIdx(any(undefined)), 'path must be a path'],
    ['gitBlob', () => gitBlob(any(undefined)), 'path must be a path'],
    ['imagenetLT', () => imagenetLT(any(undefined)), 'root must be a path'],
    [
      'imagenetLT',
      () => imagenetLT('.', { splits: any(['toString']) }),
      'a split of imagenet-lt must be one of train, validation, test, but it is "toString".',
    ],
    ['placesLT', () => placesLT(any(null)), 'root must be a path'],
    ['inaturalist2018', () => inaturalist2018(any({})), 'root must be a path'],
    ['tinyImagenet', () => tinyImagenet(any(undefined)), 'root must be a path'],
    ['tinyImagenetLT', () => tinyImagenetLT(any('')), 'root must be a path, but it is "".'],
    ['mnist', () => mnist('.', { name: any('toString') }), 'name must be one of mnist, fashion-mnist'],
    ['mnistLT', () => mnistLT(any(undefined)), 'root must be a path'],
    ['cifar', () => cifar(any('toString'), '.'), 'name must be one of cifar-10, cifar-100'],
    ['cifarLT', () => cifarLT('cifar-10', any(undefined)), 'data must be a path'],
    ['cifar10LT', () => cifar10LT(any(undefined), { cache: '.' }), 'data must be a path'],
    ['cifarArchives', () => cifarArchives(any('toString'), '.'), 'name must be one of cifar-10, cifar-100'],
    ['openPack', () => openPack(any(undefined)), 'folder must be a path'],
    ['packDataset', () => packDataset(file, { out: any(undefined) }), 'out must be a path'],
    [
      'packDataset',
      () => packDataset(file, { out: 'x', size: 0.5 }),
      'size must be an integer from 1 to 65535',
    ],
    [
      'packDataset',
      () => packDataset(file, { out: 'x', quality: 101 }),
      'quality must be an integer from 1 to 100',
    ],
    [
      'packDataset',
      () => packDataset(file, { out: 'x', onBadImage: any('toString') }),
      'onBadImage must be one of fail, skip',
    ],
  ])('of %s (%#)', async (_, call, message) => {
    const error: unknown = await Promise.resolve()
      .then(call)
      .catch((error) => error);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message.split('\n')).toHaveLength(1);
  });

  it('do not hinder right ones', () => {
    expect([...subsetOf(set, [1]).labels]).toEqual([1]);
    expect(
      inMemory('list', {
        pixels: new Uint8Array(6),
        labels: [0, 1],
        classNames: ['a', 'b'],
        shape: [1, 1, 3],
      }).labels,
    ).toEqual(Int32Array.of(0, 1));
    expect(drawSubset(labels, [1, 0], { seed: 0 })).toHaveLength(1);
  });
});
