/** What the file of a sweep may say: a grid or a list of settings, times recipes and seeds. */
import * as z from 'zod';
import { type OptionName, optionNames, optionSchema, type RecipeOptions } from '../recipe-options.ts';

export interface SweepFile {
  /** Names, or paths of modules. */
  readonly recipe: string | readonly string[];
  /** The seeds, or how many from 0 on. */
  readonly seeds: number | readonly number[];
  /** Folder of the pictures. */
  readonly data?: string | undefined;
  /** Of every cell. */
  readonly set: Partial<RecipeOptions>;
  /** Every value of an option with every value of the others. */
  readonly grid: Readonly<Partial<Record<OptionName, readonly (string | number)[]>>>;
  /** Each of these with each of the grid, over which it has the last word. */
  readonly list: readonly Partial<RecipeOptions>[];
  readonly engine: {
    readonly backend: 'auto' | 'torch' | 'tensorflow' | 'wasm';
    readonly device: 'auto' | 'cpu' | 'gpu';
    readonly autocast?: 'bfloat16' | undefined;
  };
  readonly groups: 'official' | 'oltr' | 'mislas';
}

const ofOptions = (schemaOf: (name: OptionName) => z.ZodType) =>
  z.strictObject(Object.fromEntries(optionNames.map((name) => [name, schemaOf(name).optional()])));

/** More is a slip of the keyboard. */
const MOST_SEEDS = 10_000;

const values = ofOptions(optionSchema);
const name = z.string().min(1);

/** In the order in which messages list them. */
export const SECTIONS = ['recipe', 'data', 'seeds', 'set', 'grid', 'list', 'engine', 'groups'] as const;

export const sweepFileSchema: z.ZodType<SweepFile> = z
  .strictObject({
    recipe: z.union([name, z.array(name).min(1)]).describe('a recipe, or several: names or paths of modules'),
    data: name.optional().describe('the folder of the pictures'),
    seeds: z
      .union([z.int().min(1).max(MOST_SEEDS), z.array(z.int()).min(1)])
      .default([0])
      .describe('the seeds, or how many from 0 on'),
    set: values.default({}).describe('options of every cell'),
    grid: ofOptions((option) => z.array(optionSchema(option)).min(1))
      .default({})
      .describe('options with lists of values: every value with every value of the others'),
    list: z
      .array(values)
      .min(1)
      .default([{}])
      .describe('options that go together, each of these with each cell of the grid'),
    engine: z
      .strictObject({
        backend: z.enum(['auto', 'torch', 'tensorflow', 'wasm']).default('auto'),
        device: z.enum(['auto', 'cpu', 'gpu']).default('auto'),
        autocast: z.enum(['bfloat16']).optional(),
      })
      .prefault({})
      .describe('what computes, as the options of longtail run'),
    groups: z
      .enum(['official', 'oltr', 'mislas'])
      .default('official')
      .describe('what counts as many and few'),
  })
  .meta({ title: 'A sweep of Longtail runs' }) as unknown as z.ZodType<SweepFile>;

/** What an expected value is in words, where the schema's own would not do. */
export const RANGES: Readonly<Record<string, string>> = {
  recipe: 'the name of a recipe, or a list of names',
  data: 'a folder',
  seeds: `a list of integers, or how many from 0 on, ${MOST_SEEDS} at most`,
  set: 'options with their values',
  grid: 'options with lists of values',
  list: 'a list of options with their values',
  engine: 'backend, device, autocast',
  backend: 'one of auto, torch, tensorflow, wasm',
  device: 'one of auto, cpu, gpu',
  autocast: 'bfloat16',
  groups: 'one of official, oltr, mislas',
};

/** The content of schemas/sweep.json, which the package ships. */
export const sweepJsonSchema = (): object => z.toJSONSchema(sweepFileSchema, { io: 'input' });
