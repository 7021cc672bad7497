import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeMutations } from '@longtail/damaged-files';
import { Header } from 'tar';
import { binaryBatch, pythonBatch } from '../../src/cifar/batch.ts';
import { readCocoJson, readCsvList, readIdx, readListFile } from '../../src/index.ts';
import { tarFiles } from '../../src/lists/tar-files.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const golden = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '../golden/cifar', name));

const list = 'train/n01440764/n01440764_10026.JPEG 0\ntrain/ein Ü/2.jpg 999\r\n';
describeMutations('txt', {
  files: [bytes(list), bytes(`\ufeff${list}\n\n`)],
  parse: (_, path) => readListFile(path, { numClasses: 1000 }),
});
describeMutations('txt.gz', {
  files: [gzipSync(list.repeat(40))],
  parse: (_, path) => readListFile(path, { numClasses: 1000 }),
});

const coco = {
  info: { year: 2018, nested: [[1, [2]], { images: [] }] },
  images: [
    { id: 0, file_name: 'train_val2018/Aves/1/a.jpg', width: 800.5, license: null },
    { id: 7, file_name: 'train_val2018/Aves/2/\u00fc\n.jpg'.replace('\n', ''), ok: true },
  ],
  annotations: [
    { id: 0, image_id: 7, category_id: 1 },
    { id: 1, image_id: 0, category_id: 8141 },
  ],
  categories: [{ id: 1, name: 'Larus "argentatus"', supercategory: 'Aves' }],
};
describeMutations('json', {
  files: [bytes(JSON.stringify(coco)), bytes(JSON.stringify(coco, null, 2))],
  parse: (_, path) => readCocoJson(path, { numClasses: 8142 }),
});

describeMutations('csv', {
  files: [
    bytes('path,label\na.jpg,0\n"b, c.jpg",12\n'),
    bytes('id,label,path\r\n1,"cat ""x""",a/1.jpg\r\n2,dog,b.jpg'),
  ],
  parse: (_, path) => readCsvList(path),
});

const images = Uint8Array.of(
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  3,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
describeMutations('idx', { files: [images, labels], parse: (_, path) => readIdx(path) });
describeMutations('idx.gz', {
  files: [gzipSync(images), gzipSync(labels)],
  parse: (_, path) => readIdx(path),
});

const header = Buffer.alloc(512);
new Header({ path: 'train/n01/1.JPEG', size: 5, type: 'File', mode: 0o644, mtime: new Date(0) }).encode(
  header,
);
const tar = Buffer.concat([
  header,
  Buffer.from('bytes'.padEnd(512)),
  header,
  Buffer.alloc(512),
  Buffer.alloc(1024),
]);
const tars = ['ustar', 'gnu', 'pax'].map((format) => golden(`../tars/${format}.tar`));
describeMutations('tar', { files: [tar, ...tars], parse: (_, path) => tarFiles(path) });

describeMutations('bin', {
  files: [golden('ten.bin')],
  parse: (input, source) => binaryBatch(input, { source, numClasses: 10 }),
});
describeMutations('cifar.pickle', {
  files: [golden('hundred_py2.pickle'), golden('hundred_py3.pickle')],
  parse: (input, source) => pythonBatch(input, { source, numClasses: 100 }),
});
