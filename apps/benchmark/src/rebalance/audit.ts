/** What is to be known of the rows before heads are fitted to them. Nothing is left out here. */
import type { Part } from './part.ts';
import type { PartName } from './read-parts.ts';

export interface Finding {
  readonly kind: 'not finite' | 'twice' | 'constant column';
  readonly part: PartName;
  /** Of its file, from 0; of a constant column, the column. */
  readonly row: number;
  /** `train 17`: the row that is the same. */
  readonly other: string;
}

type Named = readonly (readonly [PartName, Part])[];

/** The bits of a float32's exponent: all of them are set in NaN and in infinities. */
const EXPONENT = 0x7f800000;

/** Rows with NaN or an infinity, by their index in the part. */
export function notFinite({ values, dim, labels }: Part): Int32Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  const bad: number[] = [];
  for (let row = 0; row < labels.length; row++)
    for (let i = row * dim; i < (row + 1) * dim; i++)
      if ((words[i]! & EXPONENT) === EXPONENT) {
        bad.push(row);
        break;
      }
  return Int32Array.from(bad);
}

const bytesOf = ({ values, dim }: Part, row: number): Buffer =>
  Buffer.from(values.buffer, values.byteOffset + 4 * row * dim, 4 * dim);

/** Of all its numbers: rows that share the first of them, as one-hot or padded ones do, are many. */
function hash({ values, dim }: Part, row: number): number {
  const words = new Int32Array(values.buffer, values.byteOffset + 4 * row * dim, dim);
  let h = 0;
  for (let i = 0; i < dim; i++) h = Math.imul(h ^ words[i]!, 0x9e3779b1) ^ (h >>> 15);
  return h;
}

/** Rows that are the same, byte by byte, as one before them. */
function twice(parts: Named): Finding[] {
  const seen = new Map<number, [PartName, Part, number][]>();
  return parts.flatMap(([name, part]) =>
    Array.from(part.places).flatMap((place, row): Finding[] => {
      const key = hash(part, row);
      const alike = seen.get(key);
      const bytes = bytesOf(part, row);
      const same = alike?.find(([, other, at]) => bytesOf(other, at).equals(bytes));
      if (same)
        return [{ kind: 'twice', part: name, row: place, other: `${same[0]} ${same[1].places[same[2]]}` }];
      if (alike) alike.push([name, part, row]);
      else seen.set(key, [[name, part, row]]);
      return [];
    }),
  );
}

function constantColumns({ values, dim, labels }: Part): Finding[] {
  const isConstant = new Uint8Array(dim).fill(labels.length > 1 ? 1 : 0);
  let left = dim;
  for (let start = dim; start < values.length && left > 0; start += dim)
    for (let d = 0; d < dim; d++)
      if (isConstant[d] === 1 && values[start + d] !== values[d]) {
        isConstant[d] = 0;
        left--;
      }
  return Array.from(isConstant).flatMap((yes, column) =>
    yes ? [{ kind: 'constant column' as const, part: 'train' as const, row: column, other: '' }] : [],
  );
}

export function audit(parts: Named): Finding[] {
  const bad = parts.flatMap(([name, part]) =>
    Array.from(notFinite(part), (row): Finding => {
      return { kind: 'not finite', part: name, row: part.places[row]!, other: '' };
    }),
  );
  return [...bad, ...twice(parts), ...constantColumns(parts[0]![1])];
}

/** In sentences. */
export function auditNotes(findings: readonly Finding[]): string[] {
  const of = (kind: Finding['kind']): Finding[] => findings.filter((one) => one.kind === kind);
  const across = of('twice').filter(({ part, other }) => !other.startsWith(`${part} `)).length;
  const within = of('twice').length - across;
  const constant = of('constant column').length;
  return [
    ...(across > 0
      ? [
          `rows of one part that are in another, too, byte by byte, so that scores on them flatter: ${across}.`,
        ]
      : []),
    ...(within > 0 ? [`rows that are there twice within a part: ${within}.`] : []),
    ...(constant > 0 ? [`columns that never change, and tell nothing: ${constant}.`] : []),
  ];
}
