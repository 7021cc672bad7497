/** What is checked of results when they are read; `schemas/results.json` is the same as JSON Schema. */
import * as z from 'zod';
import {
  type AnsweredPicture,
  type Comparison,
  type Confusion,
  type EngineName,
  type EpochRecord,
  GROUPS,
  type Measured,
  type Protocol,
  type Provenance,
  RESULTS_SCHEMA,
  RESULTS_VERSION,
  type Reliability,
  type ReportedDataset,
  type Results,
  type Row,
  SCORE_NAMES,
  type Scores,
  type TauCurve,
  type WeightNorms,
} from './results.ts';
import { consistent, eachClassOnce } from './results-consistency.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const text = z.string();

export const engineSchema: z.ZodType<EngineName> = z.object({
  backend: text,
  device: text,
  version: text,
  autocast: text.exactOptional(),
});

export const epochSchema: z.ZodType<EpochRecord> = z.object({
  sampler: text,
  epoch: z.int().min(1),
  loss: z.number(),
  learningRate: z.number(),
  trainAccuracy: share,
  skipped: count.exactOptional(),
  seconds: z.number(),
});

const scores: z.ZodType<Scores> = z.object({
  all: share,
  many: share.nullable(),
  medium: share.nullable(),
  few: share.nullable(),
  meanOfClasses: share.exactOptional(),
  macroF1: share.exactOptional(),
  groupRule: text.exactOptional(),
  perClass: z.array(share.nullable()).exactOptional(),
  intervals: z.partialRecord(z.enum(SCORE_NAMES), z.tuple([share, share])).exactOptional(),
});

export const provenanceSchema: z.ZodType<Provenance> = z.object({
  date: text,
  command: text,
  longtail: text,
  node: text,
  engine: engineSchema,
  threads: count,
  processes: count.exactOptional(),
  cpu: text,
  pictures: z.object({ train: text, validation: text.exactOptional(), test: text }).exactOptional(),
});

const protocol: z.ZodType<Protocol> = z.object({
  loss: text.exactOptional(),
  groupRule: text.exactOptional(),
  selectionSplit: text.exactOptional(),
  epochRule: z.enum(['last', 'best']).exactOptional(),
  batchNorm: text.exactOptional(),
  evaluation: text.exactOptional(),
  shortened: z.array(text).exactOptional(),
  skipped: count.exactOptional(),
  engines: text.exactOptional(),
});

const row: z.ZodType<Row> = z.object({
  sampler: text,
  classifier: text,
  chosen: z.record(text, z.number()).exactOptional(),
  protocol: text.exactOptional(),
  scores,
});
const tauCurve: z.ZodType<TauCurve> = z.object({
  sampler: text,
  points: z.array(z.object({ tau: z.number(), scores, selection: share.exactOptional() })),
});
const norms: z.ZodType<WeightNorms> = z.object({
  sampler: text,
  classifier: text,
  norms: z.array(z.number()),
});

const measured: z.ZodType<Measured> = z.object({
  sampler: text,
  classifier: text,
  column: z.enum([...GROUPS, 'all']),
});
const comparison: z.ZodType<Comparison> = z.object({
  question: text,
  first: measured,
  second: measured,
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  p: share,
  adjusted: share,
  verdict: z.enum(['better', 'worse', 'undecided']),
  detectable: z.number().min(0),
});

const rowName = { sampler: text, classifier: text };
const picture = { label: count, height: count, width: count, rgb: text };
const confusion: z.ZodType<Confusion> = z.object({
  ...rowName,
  groups: z.array(z.object({ group: z.enum(GROUPS), right: count, wrong: z.record(z.enum(GROUPS), count) })),
  pairs: z.array(z.object({ truth: count, prediction: count, count, share })),
});
const reliability: z.ZodType<Reliability> = z.object({
  ...rowName,
  group: z.enum([...GROUPS, 'all']),
  ece: share,
  bins: z.array(
    z.object({ from: share, to: share, count, accuracy: share.nullable(), confidence: share.nullable() }),
  ),
});
const answered: z.ZodType<AnsweredPicture> = z.object({
  ...picture,
  answers: z.array(z.object({ ...rowName, prediction: count })),
});

const dataset: z.ZodType<ReportedDataset> = z
  .object({
    name: text,
    classNames: z.array(text).min(1),
    trainCounts: z.array(count),
    groups: z.record(z.enum(GROUPS), z.array(count)),
    trainSize: count.exactOptional(),
    testSize: count,
    samples: z.array(z.object(picture)).exactOptional(),
  })
  .superRefine(eachClassOnce);

/** Keys that are not of the form are let through; `parseResults` says what is wrong in one sentence. */
export const resultsSchema: z.ZodType<Results> = z
  .object({
    $schema: text.exactOptional(),
    version: z.literal(RESULTS_VERSION).exactOptional(),
    name: text.min(1),
    dataset,
    rows: z.array(row).min(1),
    recipe: text.exactOptional(),
    seed: z.int().exactOptional(),
    command: text.exactOptional(),
    options: z.record(text, z.union([text, z.number(), z.boolean()])).exactOptional(),
    engine: engineSchema.exactOptional(),
    protocol: protocol.exactOptional(),
    history: z.array(epochSchema).exactOptional(),
    tauCurves: z.array(tauCurve).exactOptional(),
    weightNorms: z.array(norms).exactOptional(),
    comparisons: z.array(comparison).exactOptional(),
    seconds: z.number().min(0).exactOptional(),
    made: z.array(provenanceSchema).exactOptional(),
    testCounts: z.array(count).exactOptional(),
    confusions: z.array(confusion).exactOptional(),
    reliability: z.array(reliability).exactOptional(),
    answers: z.array(answered).exactOptional(),
    selectionSize: count.exactOptional(),
    hashes: z.record(text, text).exactOptional(),
  })
  .superRefine(consistent);

/** The content of schemas/results.json, which the package ships. */
export const resultsJsonSchema = (): Record<string, unknown> => {
  const { $schema, ...schema } = z.toJSONSchema(resultsSchema, { io: 'input' });
  return { $schema, $id: RESULTS_SCHEMA, ...schema };
};
