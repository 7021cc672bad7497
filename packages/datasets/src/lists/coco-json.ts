/**
 * Annotations in the format of COCO, which iNaturalist's competitions use: `images` (id, file_name), `annotations`
 * (image_id, category_id), `categories` (id, name). The pictures come in the order of their annotations.
 */
import { checkOptions, DataError } from '@longtail/core';
import { expectNames, expectPath } from '../arguments.ts';
import { compactStrings, growingInt32 } from './compact-strings.ts';
import { readArrays } from './json-stream.ts';
import { type PictureList, pictureListBuilder } from './picture-list.ts';

type Entry = Readonly<Record<string, unknown>>;

function entryOf(element: unknown, place: string): Entry {
  if (typeof element === 'object' && element !== null) return element as Entry;
  throw new DataError(
    `expected an object in ${place}, but found ${JSON.stringify(element)}; mend the entry.`,
  );
}

function id(entry: Entry, key: string, place: string): number {
  const value = entry[key];
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31)
    return value as number;
  throw new DataError(
    `expected "${key}" in ${place} to be an integer from 0 to 2^31 - 1, but it is ${JSON.stringify(value)}; mend the entry.`,
  );
}

function text(entry: Entry, key: string, place: string): string {
  const value = entry[key];
  if (typeof value === 'string') return value;
  throw new DataError(
    `expected "${key}" in ${place} to be a text, but it is ${JSON.stringify(value)}; mend the entry.`,
  );
}

/** What is kept of a file: an image's path is found by its id, an annotation by its place. */
function collector(source: string) {
  const [names, positions] = [compactStrings(), new Map<number, number>()];
  const [imageIds, labels] = [growingInt32(), growingInt32()];
  const categories = new Map<number, string>();
  const onElement = {
    images(element: unknown, i: number) {
      const place = `${source}, images[${i}]`;
      const entry = entryOf(element, place);
      const image = id(entry, 'id', place);
      if (positions.has(image))
        throw new DataError(
          `expected every image to have an id of its own, but ${place} has ${image} again; mend the entry.`,
        );
      positions.set(image, i);
      names.push(text(entry, 'file_name', place));
    },
    annotations(element: unknown, i: number) {
      const place = `${source}, annotations[${i}]`;
      const entry = entryOf(element, place);
      imageIds.push(id(entry, 'image_id', place));
      labels.push(id(entry, 'category_id', place));
    },
    categories(element: unknown, i: number) {
      const place = `${source}, categories[${i}]`;
      const entry = entryOf(element, place);
      categories.set(id(entry, 'id', place), text(entry, 'name', place));
    },
  };
  return { names, positions, imageIds, labels, categories, onElement };
}

/**
 * @param source path of the JSON file, of any size; `.gz` is read as what it holds
 * @param options.numClasses category ids are 0 .. numClasses - 1
 * @param options.classNames of the training set, for its other splits: labels are the places of the categories' names
 *   among them, whatever the file's own ids are
 * @returns the list, and the categories' names by their id (empty where the file has none)
 * @throws DataError that names the file and the entry, or the line that is not JSON; for a category that `classNames` lacks
 */
export async function readCocoJson(
  source: string,
  options: { classNames?: readonly string[]; numClasses?: number } = {},
): Promise<{ list: PictureList; categories: ReadonlyMap<number, string> }> {
  expectPath('source', source);
  const { classNames } = checkOptions(options, { of: 'readCocoJson' });
  if (classNames !== undefined) expectNames('classNames', classNames);
  const { numClasses = classNames?.length } = options;
  const found = collector(source);
  await readArrays(source, found.onElement);
  const place = (index: number) => `${source}, annotations[${index}]`;
  const list = pictureListBuilder(source, { place, ...(numClasses !== undefined && { numClasses }) });
  const [paths, images, ids] = [found.names.finish(), found.imageIds.finish(), found.labels.finish()];
  const labelOf = classNames ? placesAmong(classNames, found.categories) : (id: number) => id;
  for (let i = 0; i < images.length; i++) {
    const position = found.positions.get(images[i]!);
    if (position === undefined)
      throw new DataError(
        `expected the image of ${place(i)} among the images, but none has the id ${images[i]}; fetch the file again.`,
        { source },
      );
    list.add(paths.at(position), labelOf(ids[i]!, place(i)), place(i));
  }
  return { list: list.finish(), categories: found.categories };
}

/** From a category's id to the place of its name. */
function placesAmong(
  classNames: readonly string[],
  categories: ReadonlyMap<number, string>,
): (id: number, place: string) => number {
  const order = new Map(classNames.map((name, c) => [name, c]));
  return (id, place) => {
    const name = categories.get(id);
    const label = name === undefined ? undefined : order.get(name);
    if (label !== undefined) return label;
    throw new DataError(
      `expected one of the ${classNames.length} class names in ${place}, but its category is ${id} (${name ?? 'without a name'}); leave the entry out, or add the class to the training set.`,
      { id, name },
    );
  };
}
