/** Takes a page apart (README of parquet-format, Data Pages): its levels, and the bytes of its values. */
import { viewOf } from '../bytes.ts';
import { decompressed } from './codecs.ts';
import type { Page } from './pages.ts';
import { runLengthValues } from './run-length.ts';

/** The error for what is wrong with a page; the caller knows its file and place. */
export type Refuse = (found: string, cause?: unknown) => Error;

export interface Levels {
  /** [values], or undefined where the column has none. */
  readonly repetition: Uint32Array | undefined;
  readonly definition: Uint32Array | undefined;
}

/** @param most the highest levels of the column; 0 for pages that have none */
export async function opened(
  bytes: Uint8Array,
  page: Page,
  {
    codec,
    most,
    refuse,
  }: { codec: string; most: { repetition: number; definition: number }; refuse: Refuse },
): Promise<Levels & { body: Uint8Array }> {
  const [first, second] = [page.repetitionBytes, page.repetitionBytes + page.definitionBytes];
  const packed = bytes.subarray(second);
  let body = page.compressed ? await decompressed(packed, codec, page.full - second, refuse) : packed;
  /** Of v1, the next bytes of the body, after their length. */
  const prefixed = (): Uint8Array => {
    if (body.length < 4) throw refuse('has no levels');
    const end = 4 + viewOf(body).getUint32(0, true);
    const part = body.subarray(4, end);
    body = body.subarray(end);
    return part;
  };
  const levels = (highest: number, start: number, end: number): Uint32Array | undefined => {
    if (highest === 0) return undefined;
    const part = page.kind === 'data v2' ? bytes.subarray(start, end) : prefixed();
    const found = runLengthValues(part, 32 - Math.clz32(highest), page.values);
    if (!found) throw refuse('has too few levels');
    return found;
  };
  const repetition = levels(most.repetition, 0, first);
  const definition = levels(most.definition, first, second);
  return { repetition, definition, body };
}
