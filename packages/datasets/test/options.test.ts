/** Every function that is exported, with every wrong argument: a sentence, never a TypeError from further down. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongtailError, random } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import { afterAll, expect, it } from 'vitest';
import * as datasets from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const within = (path: string): string => join(folder, path);

const picture = Buffer.from('P3 1 2 255 1 2 3 4 5 6');
for (const path of ['set/ant/1.ppm', 'set/bee/2.ppm']) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(within(path), picture);
}
writeFileSync(within('set/list.txt'), 'ant/1.ppm 0\nbee/2.ppm 1\n');
writeFileSync(within('set/list.csv'), 'path,label\nant/1.ppm,ant\nbee/2.ppm,bee\n');
const coco = {
  images: [{ id: 1, file_name: 'ant/1.ppm' }],
  annotations: [{ image_id: 1, category_id: 0 }],
  categories: [{ id: 0, name: 'ant' }],
};
writeFileSync(within('set/coco.json'), JSON.stringify(coco));
writeFileSync(within('labels-idx1-ubyte'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 0, 1));
for (const prefix of ['train', 't10k']) {
  writeFileSync(within(`${prefix}-labels-idx1-ubyte`), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0));
  const sizes = [1, 1, 1].flatMap((size) => [0, 0, 0, size]);
  writeFileSync(within(`${prefix}-images-idx3-ubyte`), Uint8Array.of(0, 0, 8, 3, ...sizes, 7));
}

const { imageFolder, packDataset } = datasets;
const [list, csv, json] = ['list.txt', 'list.csv', 'coco.json'].map((name) => within(`set/${name}`));
const classNames = ['ant', 'bee'];
const set = await imageFolder(within('set'));
await packDataset(set, { out: within('pack') });
const memory = datasets.inMemory('two', {
  pixels: new Uint8Array(6),
  labels: [0, 1],
  classNames,
  shape: [1, 1, 3],
});
const labels = [0, 0, 1, 1];
const kept = { draw: 'seeded', seed: 1, imbalanceFactor: 2, profile: 'step', reversed: false };
const listed = { splits: ['train'], lists: 'set' };
const published: datasets.Published = {
  ...datasets.IMAGENET_LT,
  lists: { train: { files: ['list.txt'], lines: 2, gitBlob: '' } },
};
const leftOut: datasets.LeftOut = { total: 1, byKind: { hidden: 1 }, first: ['.a'] };
const shift = { direction: 'forward', imbalanceFactor: 2 };

/** What a transform makes of a picture, and of the next. */
const applied =
  (make: (...given: never[]) => datasets.Transform) =>
  (...given: never[]): unknown => {
    const transform = make(...given);
    return transform({ data: new Uint8Array(48), height: 4, width: 4, channels: 3 }, random(0));
  };
/** A path that is none of the folder's would be written beside the package. */
const packed = (dataset: datasets.Dataset, options: datasets.PackOptions) =>
  packDataset(
    dataset,
    typeof options?.out === 'string' && options.out && !options.out.startsWith(folder)
      ? { ...options, out: within(options.out) }
      : options,
  );
async function batchesOf(...given: Parameters<typeof datasets.batches>): Promise<number> {
  let pictures = 0;
  for await (const { indices } of datasets.batches(...given)) pictures += indices.length;
  return pictures;
}

const table: Parameters<typeof testArguments>[0] = {
  batches: [
    batchesOf,
    { ...memory },
    [0, 1],
    {
      ...{
        batchSize: 2,
        transform: datasets.horizontalFlip(),
        seed: 0,
        epoch: 0,
        start: 0,
        dropLast: false,
      },
      ...{ prefetch: 2, onBadImage: 'fail', maxBadImages: 1, maxPixels: 100, orient: false },
      part: { rank: 0, ranks: 1 },
    },
  ],
  'batches of files': [batchesOf, { ...set }, [0, 1], { batchSize: 2, workers: 1 }],
  centerCrop: [applied(datasets.centerCrop), 2],
  cifar: [datasets.cifar, 'cifar-10', folder],
  cifar10LT: [datasets.cifar10LT, folder, { cache: within('cache'), ...kept, onProgress: () => {} }],
  cifarArchives: [datasets.cifarArchives, 'cifar-10', folder],
  cifarLT: [datasets.cifarLT, 'cifar-10', folder, kept],
  colorJitter: [applied(datasets.colorJitter), { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }],
  compose: [applied(datasets.compose), datasets.centerCrop(2), datasets.horizontalFlip()],
  decode: [datasets.decode, picture, { source: 'picture', maxPixels: 100, orient: true }],
  drawnLT: [
    (options: Parameters<typeof datasets.drawnLT>[0]) => datasets.drawnLT(options).train.labels,
    { seed: 0, largest: 2, imbalanceFactor: 2, validationPerClass: 1, testPerClass: 1 },
  ],
  drawSubset: [datasets.drawSubset, labels, [1, 1], { draw: 'seeded', seed: 1 }],
  expectSameClasses: [datasets.expectSameClasses, { train: { ...set }, test: set }],
  fileDataset: [
    (name: string, options: Parameters<typeof datasets.fileDataset>[1]) =>
      datasets.fileDataset(name, options).read(0),
    'files',
    {
      root: within('set'),
      list: set.list,
      classNames,
      leftOut,
      locate: (path: string) => path,
      find: (path: string) => ({ path: within(`set/${path}`) }),
    },
  ],
  gitBlob: [datasets.gitBlob, list],
  horizontalFlip: [applied(datasets.horizontalFlip), 0.5],
  imageFolder: [imageFolder, within('set'), { name: 'folder', classNames, extensions: ['.ppm'] }],
  imagenetLT: [datasets.imagenetLT, folder, listed],
  inaturalist2018: [datasets.inaturalist2018, folder, listed],
  inMemory: [
    datasets.inMemory,
    'two',
    { pixels: new Uint8Array(6), labels: [0, 1], classNames, shape: [1, 1, 3] },
  ],
  lackingClasses: [datasets.lackingClasses, { ...memory }, { classNames }],
  ldamSubset: [datasets.ldamSubset, labels, [1, 1], { seed: 0 }],
  leftOutText: [datasets.leftOutText, leftOut],
  listedSplits: [datasets.listedSplits, published, { root: folder, lists: 'set' }],
  longTail: [
    datasets.longTail,
    { numClasses: 4, largest: 8, imbalanceFactor: 2, profile: 'exponential', reversed: true },
  ],
  mnist: [datasets.mnist, folder, { name: 'mnist', trainPrefix: 'train' }],
  mnistLT: [datasets.mnistLT, folder, { ...kept, name: 'mnist' }],
  openPack: [datasets.openPack, within('pack'), { classNames }],
  'openPack, read': [async (index: number) => (await datasets.openPack(within('pack'))).read(index), 0],
  packDataset: [
    packed,
    { ...set },
    {
      ...{ out: within('pack'), size: 256, quality: 95, maxPixels: 100, orient: false, workers: 0 },
      ...{ onBadImage: 'fail', signal: new AbortController().signal, onProgress: () => {} },
    },
  ],
  padAndCrop: [applied(datasets.padAndCrop), 1],
  pictureCsv: [
    datasets.pictureCsv,
    csv,
    { root: within('set'), name: 'csv', path: 'path', label: 'label', delimiter: ',', classNames },
  ],
  pictureList: [datasets.pictureList, list, { root: within('set'), name: 'list', classNames, numClasses: 2 }],
  pictureParquet: [
    datasets.pictureParquet,
    join(import.meta.dirname, 'golden/hf-0.parquet'),
    { name: 'hf', image: 'image', label: 'label', classNames: ['wren', 'auk', 'owl', 'gull'] },
  ],
  placesLT: [datasets.placesLT, folder, listed],
  randomResizedCrop: [applied(datasets.randomResizedCrop), 2, { scale: [0.5, 1], ratio: [0.75, 1.5] }],
  readCocoJson: [datasets.readCocoJson, json, { classNames, numClasses: 2 }],
  readCsvList: [datasets.readCsvList, csv, { path: 'path', label: 'label', delimiter: ',', classNames }],
  readIdx: [datasets.readIdx, within('labels-idx1-ubyte')],
  readListFile: [datasets.readListFile, list, { numClasses: 2 }],
  resizeShortSide: [applied(datasets.resizeShortSide), 2],
  seededSubset: [datasets.seededSubset, labels, [1, 1], { seed: 1 }],
  shiftedCounts: [datasets.shiftedCounts, [3, 1], { ...shift, largest: 2 }],
  shiftedTest: [datasets.shiftedTest, labels, [3, 1], { ...shift, seed: 1 }],
  splitNotes: [datasets.splitNotes, { train: { ...set }, test: set }],
  subsetHash: [datasets.subsetHash, labels, [0, 1]],
  subsetOf: [
    (...given: Parameters<typeof datasets.subsetOf>) => datasets.subsetOf(...given).labels,
    { ...memory },
    [1, 0],
    { name: 'part' },
  ],
  tinyImagenet: [datasets.tinyImagenet, folder],
  tinyImagenetLT: [datasets.tinyImagenetLT, folder, { ...listed, cache: within('cache') }],
  verify: [
    datasets.verify,
    { train: { ...set } },
    {
      ...{ published, archives: [], decode: true, keep: 10, signal: new AbortController().signal },
      ...{ onProgress: () => {}, onCompare: () => {} },
    },
  ],
};
testArguments(table, { isTyped: (error) => error instanceof LongtailError });

it('are those of every function', () => {
  const functions = Object.entries(datasets).filter(([, exported]) => typeof exported === 'function');
  expect(functions.map(([name]) => name).filter((name) => !(name in table))).toEqual([]);
});
