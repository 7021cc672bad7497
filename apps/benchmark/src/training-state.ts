/** How far a training is: what a representation's file says of it. */

import { type EngineName, type EpochRecord, engineSchema, epochSchema } from '@longtail/report/results';
import * as z from 'zod';
import { readHeader, type StageHeader } from './stage-file.ts';
import type { Remedy } from './stored-json.ts';

/** The sums are of the epoch under way. */
export interface TrainingState {
  /** From 0; the number of epochs once all are over. */
  readonly epoch: number;
  /** Images of this epoch that are done, with those left out. */
  readonly seen: number;
  /** Of those, the ones that could not be read. */
  readonly skipped: number;
  readonly lossSum: number;
  readonly hits: number;
  readonly seconds: number;
  readonly history: readonly EpochRecord[];
}

export const AT_START: TrainingState = {
  epoch: 0,
  seen: 0,
  skipped: 0,
  lossSum: 0,
  hits: 0,
  seconds: 0,
  history: [],
};

const count = z.int().min(0);
const schema: z.ZodType<TrainingState> = z
  .object({
    epoch: count,
    seen: count,
    skipped: count,
    lossSum: z.number(),
    hits: count,
    seconds: z.number(),
    history: z.array(epochSchema),
  })
  .refine(({ epoch, history }) => epoch === history.length);

/** @throws DataError unless it is the header of a representation */
export const trainingOf = (header: StageHeader): TrainingState => header.json('training', schema);

/** History and engine of a representation, without its weights. */
export async function trainingRecord(
  path: string,
  remedy: Remedy,
): Promise<{ state: TrainingState; engine: EngineName; header: StageHeader }> {
  const header = await readHeader(path, remedy);
  return { state: trainingOf(header), engine: header.json('engine', engineSchema), header };
}

/** Steps since the training began: the same one where a stopped run goes on. */
export const stepOf = (
  { epoch, seen }: TrainingState,
  { images, batchSize }: { images: number; batchSize: number },
): number => epoch * Math.ceil(images / batchSize) + Math.floor(seen / batchSize);
