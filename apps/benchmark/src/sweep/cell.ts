/** A cell of a sweep: one run, and where it takes its stage 1 from. A line of `sweep.jsonl`. */
import { basename, join } from 'node:path';
import * as z from 'zod';
import { withoutEnding } from '../own-module.ts';
import type { RecipeOptions } from '../recipe-options.ts';
import type { RunSettings } from '../run-directory.ts';
import { settingsSchema } from '../run-settings.ts';
import type { SweepFile } from './sweep-file.ts';

export interface Cell {
  /** Place in `sweep.jsonl`, from 0. */
  readonly index: number;
  /** Twelve hexadecimal digits: a hash of recipe, seed, options and engine. Its run lies in `runs/ID`. */
  readonly id: string;
  /** 0 of a cell that takes nothing of others; else one more than the last of those that it takes from. */
  readonly wave: number;
  /** By sampler: the id of the cell that trains its representation and extracts its features. */
  readonly from: Readonly<Record<string, string>>;
  readonly settings: RunSettings;
  readonly engine: SweepFile['engine'];
  readonly groups: SweepFile['groups'];
}

export interface Sweep {
  readonly folder: string;
  /** In the order of their index: whoever is taken from stands before those that take. */
  readonly cells: readonly Cell[];
}

const id = z.string().regex(/^[0-9a-f]{12}$/);

export const cellSchema: z.ZodType<Cell> = z.object({
  index: z.int().min(0),
  id,
  wave: z.int().min(0),
  from: z.record(z.string(), id),
  settings: settingsSchema,
  engine: z.object({
    backend: z.enum(['auto', 'torch', 'tensorflow', 'wasm']),
    device: z.enum(['auto', 'cpu', 'gpu']),
    autocast: z.literal('bfloat16').optional(),
  }),
  groups: z.enum(['official', 'oltr', 'mislas']),
});

/** The folder of a cell's run. */
export const cellFolder = ({ folder }: Pick<Sweep, 'folder'>, { id }: Pick<Cell, 'id'>): string =>
  join(folder, 'runs', id);

/** What tells a cell from the others: `demo, seed 0, epochs 2`. */
export function cellTitle({ settings }: Cell, among: readonly Cell[]): string {
  const { recipe, seed, options } = settings;
  const differing = (Object.keys(options) as (keyof RecipeOptions)[]).filter((name) =>
    among.some((other) => other.settings.options[name] !== options[name]),
  );
  return [
    basename(withoutEnding(recipe)),
    `seed ${seed}`,
    ...differing.map((name) => `${name} ${options[name]}`),
  ].join(', ');
}
