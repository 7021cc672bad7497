/** `slurm.json` in the folder of a sweep: which jobs are its, and how more of them are submitted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../../stored-json.ts';
import type { Sweep } from '../cell.ts';

export interface SlurmRecord {
  /** Task t of an array is cell offset + t. */
  readonly arrays: readonly { readonly job: string; readonly offset: number }[];
  /** Jobs that wait for the arrays, and collect. */
  readonly reports: readonly string[];
  /** How often the report's job has submitted killed cells again since the sweep was launched. */
  readonly rounds: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly parallel?: number | undefined;
  readonly saveEvery?: string | undefined;
}

const schema: z.ZodType<SlurmRecord> = z.object({
  arrays: z.array(z.object({ job: z.string(), offset: z.int().min(0) })),
  reports: z.array(z.string()),
  rounds: z.int().min(0),
  settings: z.record(z.string(), z.string()),
  parallel: z.int().optional(),
  saveEvery: z.string().optional(),
});

const pathOf = ({ folder }: Pick<Sweep, 'folder'>): string => join(folder, 'slurm.json');

/** Undefined where nothing of the sweep went to Slurm. @throws DataError when the file is damaged */
export async function readRecord(sweep: Pick<Sweep, 'folder'>): Promise<SlurmRecord | undefined> {
  if (!existsSync(pathOf(sweep))) return undefined;
  const mend = `delete it after "scancel" of the sweep's jobs, and launch the sweep again`;
  return readJson(pathOf(sweep), { schema, after: 'longtail sweep FILE --launcher slurm', mend });
}

export const writeRecord = (sweep: Pick<Sweep, 'folder'>, record: SlurmRecord): Promise<void> =>
  writeJson(pathOf(sweep), record);
