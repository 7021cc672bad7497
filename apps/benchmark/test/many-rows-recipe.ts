/** The recipe that is interrupted, with more test pictures than one process scores at once. */

import type { Recipe } from '../src/recipe.ts';
import { BLOCK } from '../src/shared-answers.ts';
import recipe, { noise } from './interrupted-recipe.ts';

const manyRows: Recipe = {
  ...recipe,
  name: 'many-rows',
  data: async () => ({ train: noise('train', [12, 6, 3]), test: noise('test', [BLOCK, 300, 60]) }),
};
export default manyRows;
