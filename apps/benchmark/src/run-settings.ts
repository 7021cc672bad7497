/** What is checked of `run.json` when it is read. */
import { UsageError } from '@longtail/core';
import * as z from 'zod';
import { checkRecipeOptions, type RecipeOptions } from './recipe-options.ts';
import type { RunSettings } from './run-directory.ts';

const options = z.looseObject({}).superRefine((value, { addIssue }) => {
  try {
    checkRecipeOptions(value, { of: 'it' });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    addIssue(error.message);
  }
}) as unknown as z.ZodType<RecipeOptions>;

export const settingsSchema: z.ZodType<RunSettings> = z.object({
  recipe: z.string().min(1),
  seed: z.int(),
  options,
  data: z.string(),
  command: z.string(),
});
