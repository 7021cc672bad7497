/**
 * The answers of heads to rows, which several processes share: heads and rows go from the first to all, and the answers back. A
 * block of rows is scored at once, so that products of matrices are of one shape, and the answers the same to the bit, however
 * many processes there are.
 */
import type { NamedArray } from '@longtail/formats';
import {
  classesByTau,
  classifier,
  decodeClassifier,
  encodeClassifier,
  type Head,
  TAUS,
} from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import { answersOf } from './answers.ts';
import type { Features } from './extract-features.ts';
import type { Ranks } from './ranks.ts';

/** Rows of a block, as many as NCM and the sweep over tau look at together. */
export const BLOCK = 1024;

export interface Question {
  readonly heads: readonly Head[];
  readonly features: Pick<Features, 'values' | 'featureDim'>;
  /** Whether the first head is tried at each of TAUS, too. */
  readonly sweeps: boolean;
}

export interface SharedAnswers {
  /** As {@link answersOf}, and `tau=0.5` for each tau of the sweep; all of shape [N]. */
  readonly answers: ReadonlyMap<string, NamedArray>;
  /** How many rows each process has scored. */
  readonly scored: Int32Array;
}

type Values = Int32Array | Float32Array;
const tauName = (tau: number): string => `tau=${tau}`;
const hasLogits = ({ name }: Head): boolean => name !== 'ncm'; // distances

function encoded(head: Head): Uint8Array {
  const counts = new Int32Array(head.numClasses).fill(1); // a classifier's file has them; no answer needs them
  return encodeClassifier(classifier({ head, counts }));
}

/** Those of the first process on the others: the files' bytes. */
function headsOnAll(
  own: readonly Head[] | undefined,
  count: number,
  { collective, rank }: Ranks,
): readonly Head[] {
  if (!collective) return own!;
  const files = Array.from({ length: count }, (_, i) => collective.broadcastBytes(own && encoded(own[i]!)));
  return rank === 0 ? own! : files.map((file) => decodeClassifier(file).head);
}

/** The block of this process, of those of all that begin at `begin`, one after another: no more lie in memory. */
function ownBlock(
  values: Float32Array | undefined,
  { begin, dim }: { begin: number; dim: number },
  { collective, rank, size }: Ranks,
): Float32Array {
  const blockOf = (r: number): Float32Array | undefined =>
    values?.subarray((begin + r * BLOCK) * dim, (begin + (r + 1) * BLOCK) * dim);
  let own = blockOf(0)!;
  for (let r = 1; r < size; r++) {
    const block = blockOf(r);
    const sent = block && new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
    const { buffer, byteLength } = collective!.broadcastBytes(sent);
    if (r === rank) own = new Float32Array(buffer as ArrayBuffer, 0, byteLength / 4);
  }
  return own;
}

function answersOfBlock(
  heads: readonly Head[],
  rows: tf.Tensor2D,
  sweeps: boolean,
): (readonly [string, Values])[] {
  const own = heads.flatMap((head) => answersOf(head, rows, { name: head.name, hasLogits: hasLogits(head) }));
  const swept = sweeps ? classesByTau(heads[0]!, rows) : [];
  return [
    ...own.map(([name, { data }]) => [name, data as Values] as const),
    ...swept.map((data, i) => [tauName(TAUS[i]!), data] as const),
  ];
}

/** Room for all of them, with the same names on every process. */
function roomFor(heads: readonly Head[], { rows, sweeps }: { rows: number; sweeps: boolean }) {
  const room = new Map<string, Values>();
  for (const head of heads) {
    room.set(head.name, new Int32Array(rows));
    if (hasLogits(head)) room.set(`${head.name}.confidence`, new Float32Array(rows));
  }
  for (const tau of sweeps ? TAUS : []) room.set(tauName(tau), new Int32Array(rows));
  return room;
}

/**
 * @param question of the first process; undefined on the others
 * @param options.onRows hears how many this process has scored
 * @returns the answers to all rows, on every process; no tensor is left
 */
export async function sharedAnswers(
  question: Question | undefined,
  ranks: Ranks,
  { onRows }: { onRows?: (rows: number) => void } = {},
): Promise<SharedAnswers> {
  const { rank, size, collective } = ranks;
  const { count, dim, rows, sweeps } = await ranks.first(async () => {
    const { heads, features, sweeps } = question!;
    const { values, featureDim: dim } = features;
    return { count: heads.length, dim, rows: values.length / dim, sweeps };
  });
  const heads = headsOnAll(question?.heads, count, ranks);
  const room = roomFor(heads, { rows, sweeps });
  const scored = new Int32Array(size);
  try {
    for (let begin = 0; begin < rows; begin += size * BLOCK) {
      const values = ownBlock(question?.features.values, { begin, dim }, ranks);
      if (values.length === 0) continue;
      const block = tf.tensor2d(values, [values.length / dim, dim]);
      for (const [name, found] of answersOfBlock(heads, block, sweeps))
        room.get(name)!.set(found, begin + rank * BLOCK);
      block.dispose();
      scored[rank]! += values.length / dim;
      onRows?.(scored[rank]!);
    }
  } finally {
    if (!question) for (const head of heads) head.dispose();
  }
  collective?.reduceArrays([...room.values(), scored]); // to what one process found the others add 0
  const answers = [...room].map(([name, data]): [string, NamedArray] => [name, { shape: [rows], data }]);
  return { answers: new Map(answers), scored };
}
