// node own-pictures.ts DIR
import { join } from 'node:path';
import { renumber } from '@longtail/core';
import { fileDataset, imageFolder, pictureCsv, readListFile } from '@longtail/datasets';

const root = process.argv[2] ?? '.';

// A folder a class. The labels of the test are those of the training set.
const train = await imageFolder(join(root, 'train'));
const test = await imageFolder(join(root, 'test'), { classNames: train.classNames });
console.log(train.classNames, train.length, test.length, test.labels);

// A CSV file, with the columns `file` and `species`.
const birds = await pictureCsv(join(root, 'birds.csv'), { root, path: 'file', label: 'species' });
console.log(birds.name, birds.classNames);

// A list of `path identifier` lines, whose identifiers may be up to 2^31 - 2.
const list = await readListFile(join(root, 'list.txt'));
const { labels, values } = renumber(list.labels); // classes 0 to C - 1, and what they were called
const listed = fileDataset('listed', {
  root,
  list: { ...list, labels },
  classNames: Array.from(values, String),
});
console.log(listed.classNames, listed.labels);
