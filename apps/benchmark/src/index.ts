export type { Recipe, RecipeData, RecipeOptions } from './recipe.ts';
export type { Results, Row } from './results.ts';
