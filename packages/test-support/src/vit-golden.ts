/** What PyTorch's libraries compute with vision transformers (packages/backbones/test/golden/vit.py), and what they compute it of. */
import { readFileSync } from 'node:fs';
import { drawn } from './drawn-weights.ts';

export interface VitCase {
  readonly name: string;
  /** A name of the table; a small one in all but the whole. */
  readonly architecture: string;
  readonly size: readonly [number, number];
  readonly options: Readonly<Record<string, unknown>>;
  /** By the names of a file of that library; none: by timm's. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly dim: number;
  readonly stride: number;
  readonly features: readonly number[];
  readonly resize?: { readonly antialias: boolean };
  /** Of sum(features drawn('slope')): five values of each weight, evenly spaced, by timm's names and layouts. */
  readonly gradients?: Readonly<Record<string, readonly number[]>>;
}

export interface VitGolden {
  readonly small: Readonly<Record<'width' | 'depth' | 'heads' | 'patch', number>>;
  /** The rows of the architectures' table, what is undefined left out. */
  readonly table: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly cases: readonly VitCase[];
  readonly resized: readonly {
    readonly side: number;
    readonly to: readonly [number, number];
    readonly before: number;
    readonly how: { readonly antialias: boolean; readonly offset: number };
    readonly values: readonly number[];
  }[];
}

/** @param path of vit.json */
export const readVitGolden = (path: string): VitGolden => JSON.parse(readFileSync(path, 'utf8'));

/** vit.py's `formula`, to the bit. */
export function vitWeight(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((n, d) => n * d, 1);
  const bound = Math.sqrt(3 / (count / shape[0]!));
  if (shape.length > 1) return drawn(name, count, [-bound, bound]);
  return /weight|gamma|lambda/.test(name) ? drawn(name, count, [0.5, 1.5]) : drawn(name, count, [-0.1, 0.1]);
}

/** A file of that library, as a reader gives it. */
export const vitArrays = (
  shapes: VitCase['shapes'],
): Map<string, { shape: readonly number[]; data: Float32Array }> =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape, data: vitWeight(name, shape) }]));

/** Two pictures, sin(i) over the NHWC index i. */
export const vitPictures = ([height, width]: VitCase['size']): Float32Array =>
  Float32Array.from({ length: 2 * height * width * 3 }, (_, i) => Math.sin(i));
