/** What pictures go through for their features: their sizes decide, unless the recipe does. */
import { DataError } from '@longtail/core';
import {
  centerCrop,
  compose,
  type Dataset,
  horizontalFlip,
  type Picture,
  padAndCrop,
  randomResizedCrop,
} from '@longtail/datasets';
import { expect, it } from 'vitest';
import { evaluationTransform } from '../src/evaluation-transform.ts';

const picture = (height: number, width: number): Picture => ({
  data: new Uint8Array(height * width * 3),
  height,
  width,
  channels: 3,
});

/** Pictures of these sizes; of the size 0 none that can be read. */
function set(name: string, sizes: readonly (readonly [number, number])[]): Dataset {
  const read = (i: number): Picture => {
    const [height, width] = sizes[i]!;
    if (height === 0) throw new DataError(`expected a picture in ${name}/${i}.`);
    return picture(height, width);
  };
  return { name, length: sizes.length, labels: new Int32Array(sizes.length), classNames: ['one'], read };
}
const small = set('small', Array(300).fill([32, 32]));
const photos = set('photos', [
  [75, 56],
  [300, 400],
  [400, 300],
]);
const recipe = (augment = compose(padAndCrop(4), horizontalFlip())) => ({ name: 'mine', augment });

it('pictures of the size that training sees stay as they are', async () => {
  const { transform, text } = await evaluationTransform(recipe(), { train: small, test: small });
  expect(text).toBe('as they are');
  expect(transform.parts).toEqual([]);
});

it('photos get a short side and the middle, in the proportion of 256 to 224', async () => {
  const mine = recipe(randomResizedCrop(224));
  for (const data of [
    { train: photos, test: photos },
    { train: set('large', [[300, 300]]), test: photos },
  ])
    expect((await evaluationTransform(mine, data)).text).toBe('by resizeShortSide(256), centerCrop(224)');
  const { text } = await evaluationTransform(recipe(randomResizedCrop(32)), { train: photos, test: small });
  expect(text).toBe('by resizeShortSide(37), centerCrop(32)');
});

it('one picture of another size among many of one is enough, in whatever split', async () => {
  const odd = set('odd', [...Array(80).fill([32, 32]), [40, 32]]);
  for (const data of [
    { train: small, test: odd },
    { train: small, validation: odd, test: small },
  ])
    expect((await evaluationTransform(recipe(randomResizedCrop(32)), data)).text).toMatch(/resizeShortSide/);
});

it('a recipe that says it is followed, without a look at the pictures', async () => {
  const unread = set('unread', [[0, 0]]);
  const data = { train: unread, test: unread };
  const own = await evaluationTransform({ ...recipe(), evaluate: centerCrop(20) }, data);
  expect(own.text).toBe('by centerCrop(20)');
  const unknown = await evaluationTransform({ ...recipe(), evaluate: (given) => given }, data);
  expect(unknown.text).toBe("by a step of the recipe's own");
});

it('pictures that cannot be read end it, or are passed over', async () => {
  const data = {
    train: set('bad', [
      [0, 0],
      [32, 32],
    ]),
    test: small,
  };
  await expect(evaluationTransform(recipe(), data)).rejects.toThrow('expected a picture in bad/0.');
  expect((await evaluationTransform(recipe(), data, { onBadImage: 'skip' })).text).toBe('as they are');
});

it('only the recipe can say what to do where training sees no squares of one size', async () => {
  const mine = recipe(compose(horizontalFlip()));
  await expect(evaluationTransform(mine, { train: photos, test: photos })).rejects.toThrow(
    /^expected squares of one size from the augment of mine, .* but it gives 75x56 and 300x400; give the recipe an `evaluate` transform\.$/,
  );
});
