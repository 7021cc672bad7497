export { type Batch, type BatchesOptions, batches } from './batches.ts';
export { cifar, cifarLT, type LongTailOptions } from './cifar/cifar.ts';
export { cifarArchives } from './cifar/files.ts';
export { CIFAR_CLASSES, type CifarName } from './cifar/layouts.ts';
export { CIFAR10_CLASSES } from './cifar10-archive.ts';
export { cifar10LT } from './cifar10-lt.ts';
export { type Dataset, inMemory, type Picture, type PictureFile } from './dataset.ts';
export { type DecodeOptions, decode } from './decode.ts';
export { DRAWN_STATISTICS, drawnLT } from './drawn/drawn-lt.ts';
export { ldamSubset } from './ldam-subset.ts';
export { readCocoJson } from './lists/coco-json.ts';
export { readCsvList } from './lists/csv-list.ts';
export { type FileDataset, fileDataset } from './lists/file-dataset.ts';
export { type IdxArray, readIdx } from './lists/idx.ts';
export { type LeftOut, leftOutText } from './lists/left-out.ts';
export { readListFile } from './lists/list-file.ts';
export type { PictureList } from './lists/picture-list.ts';
export { longTail, type Profile } from './long-tail.ts';
export { openPack } from './pack/open-pack.ts';
export { type PackOptions, packDataset } from './pack/pack-dataset.ts';
export { CIFAR_LT, CIFAR_STATISTICS } from './sets/cifar-lt.ts';
export { gitBlob } from './sets/git-blob.ts';
export { imageFolder } from './sets/image-folder.ts';
export { IMAGENET_LT, imagenetLT } from './sets/imagenet-lt.ts';
export { INATURALIST_2018, inaturalist2018 } from './sets/inaturalist-2018.ts';
export { type ListedOptions, listedSplits } from './sets/listed-set.ts';
export { MNIST, mnist, mnistLT } from './sets/mnist.ts';
export { MNIST_LT } from './sets/mnist-lt.ts';
export { pictureCsv, pictureList } from './sets/picture-files.ts';
export { type PictureParquetOptions, pictureParquet } from './sets/picture-parquet.ts';
export { PLACES_LT, placesLT } from './sets/places-lt.ts';
export type { Published, PublishedList, SplitName } from './sets/published.ts';
export { TINY_IMAGENET_LT, tinyImagenet, tinyImagenetLT } from './sets/tiny-imagenet.ts';
export { SHIFTS, shiftedCounts, shiftedTest } from './shifted-test.ts';
export { expectSameClasses, lackingClasses } from './splits.ts';
export { type Draw, drawSubset, type Subset, seededSubset, subsetHash, subsetOf } from './subset.ts';
export { compose, type Transform } from './transform.ts';
export { colorJitter } from './transforms/color-jitter.ts';
export { centerCrop, horizontalFlip, padAndCrop } from './transforms/crop.ts';
export { randomResizedCrop, resizeShortSide } from './transforms/resize.ts';
export type {
  Finding,
  Findings,
  NoteKind,
  Notes,
  Problem,
  ProblemKind,
  Problems,
} from './verify/problems.ts';
export { splitNotes } from './verify/split-notes.ts';
export { type Verification, verify } from './verify/verify.ts';
