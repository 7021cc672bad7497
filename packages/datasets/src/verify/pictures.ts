/** Every picture of a set: whether it is there, is readable, and looks like a picture; or decodes. */
import { DataError } from '@longtail/core';
import { checkedFile } from '../checked-dataset.ts';
import { fileError } from '../lists/inside-root.ts';
import { looksLikePicture } from '../picture-kinds.ts';
import { type FiledSplit, placeOf } from './filed.ts';
import { lookAt } from './look.ts';
import { overlapping } from './overlapping.ts';
import type { ProblemCollector } from './problems.ts';

async function checkPicture(filed: FiledSplit, index: number, decode: boolean): Promise<string | undefined> {
  const { set, seen } = filed;
  const place = placeOf(filed, index);
  try {
    const file = checkedFile(set.file(index), `${set.name}[${index}]`);
    const { first, size, end } = await lookAt(file).catch((cause) => {
      throw fileError(file.path, place, cause);
    });
    [seen.sizes[index], seen.ends[index]] = [size, end];
    if (decode) await set.read(index);
    if (decode || looksLikePicture(first)) return undefined;
    const found = size === 0 ? 'the file is empty' : 'its first bytes are of no picture';
    return `expected a picture in ${file.path} (${place}), but ${found}; fetch it again.`;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

/**
 * Fills in what is seen of each picture as well.
 *
 * @param options.decode the whole of each, instead of its first bytes
 * @param options.onProgress with the pictures of this set that are done
 */
export async function checkPictures(
  filed: FiledSplit,
  problems: ProblemCollector,
  { decode, ...options }: { decode: boolean } & Parameters<typeof overlapping>[2],
): Promise<void> {
  const check = async (index: number) => {
    const problem = await checkPicture(filed, index, decode);
    if (problem) problems.add('picture', problem);
  };
  await overlapping(filed.set.length, check, options);
}
