/** Labels out of texts that are read in ranges: which there are, then which class each row has. */
import { classesOf, type LabelSet, type Unfit } from './labels.ts';

const AT_ONCE = 65_536;
/** More are paths or sentences. */
const MAX_CLASSES = 2 ** 20;

/** @returns the labels; or the text that is none, with its row */
export async function textLabels(
  read: (start: number, end: number) => Promise<readonly string[]>,
  length: number,
  classNames: readonly string[] | undefined,
): Promise<LabelSet | (Unfit<string> & { row: number })> {
  /** Of each text: its number in order of appearance, and the row it first came in. */
  const seen = new Map<string, number>();
  const first: number[] = [];
  const pieces: Int32Array[] = [];
  for (let start = 0; start < length; start += AT_ONCE) {
    const texts = await read(start, Math.min(length, start + AT_ONCE));
    const piece = new Int32Array(texts.length);
    for (const [i, text] of texts.entries()) {
      if (!seen.has(text)) first[seen.size] = start + i;
      if (!seen.has(text)) seen.set(text, seen.size);
      piece[i] = seen.get(text)!;
    }
    pieces.push(piece);
    if (seen.size > MAX_CLASSES)
      return {
        wrong: texts.at(-1)!,
        row: start,
        expected: `at most ${MAX_CLASSES} classes`,
        isMeasured: true,
      };
  }
  const texts = [...seen.keys()];
  const found = classesOf(texts, { classNames });
  if ('wrong' in found) return { ...found, row: first[seen.get(found.wrong)!]! };
  const classes = Int32Array.from(texts, (text) => found.classOf.get(text)!);
  const labels = joined(pieces, length).map((text) => classes[text]!);
  if (!found.classNames) return { labels };
  const notes = classNames ? [] : missingNotes(labels, found.classNames);
  return { labels, classNames: found.classNames, ...(notes.length > 0 && { notes }) };
}

/** As pandas, R, Python and SQL write that nothing is there. */
const MISSING: ReadonlySet<string> = new Set(
  ['NA', '<NA>', 'N/A', 'n/a', 'NaN', 'nan', 'NaT', 'None', 'null', 'NULL'], // biome-ignore format: one line
);

/** @param labels of texts, by the order of their names */
function missingNotes(labels: Int32Array, classNames: readonly string[]): string[] {
  return classNames.flatMap((name, c) => {
    if (!MISSING.has(name)) return [];
    const rows = labels.reduce((sum, label) => sum + (label === c ? 1 : 0), 0);
    return [`the label "${name}" of ${rows} ${rows === 1 ? 'row' : 'rows'} was taken as a class.`];
  });
}

export function joined(pieces: readonly Int32Array[], length: number): Int32Array {
  const labels = new Int32Array(length);
  let at = 0;
  for (const piece of pieces) {
    labels.set(piece, at);
    at += piece.length;
  }
  return labels;
}
