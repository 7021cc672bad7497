/** What is checked of `results.json` and `dataset.json` when they are read, beyond what the report asks for. */
import { engineSchema, resultsSchema as reported } from '@longtail/report/results';
import * as z from 'zod';
import type { DatasetRecord, Results } from './results.ts';
import { stampSchema } from './run-stamp.ts';

const count = z.int().min(0);
const text = z.string();

const fingerprints = z.object({ train: text, validation: text.exactOptional(), test: text });

const picture = { label: count, height: count, width: count, rgb: text };

export const datasetSchema: z.ZodType<DatasetRecord> = z
  .object({
    name: text,
    classNames: z.array(text),
    trainCounts: z.array(count),
    trainSize: count,
    testSize: count,
    fingerprints,
    samples: z.array(z.object(picture)),
    validation: z.boolean(),
    testSamples: z.array(z.object({ ...picture, index: count })).exactOptional(),
  })
  .refine(({ classNames, trainCounts }) => classNames.length === trainCounts.length, {
    error: 'expected as many counts as classes',
  });

export const resultsSchema: z.ZodType<Results> = z.intersection(
  reported,
  z.object({
    recipe: text,
    engine: engineSchema,
    dataset: z.object({ fingerprints }),
    stamps: z.record(text, stampSchema),
  }),
);
