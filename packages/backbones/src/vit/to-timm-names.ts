/** A state dict of a vision transformer as timm would have written it: names, and what lies together there. */
import { DataError } from '@longtail/core';
import { float32Of, type NamedArray, type NamedArrays } from '@longtail/formats';
import { checkArrays } from '../checks.ts';
import { timmNames } from './timm-names.ts';

type Data = NamedArray['data'];

const typeOf = ({ dtype, data }: NamedArray): string => dtype ?? data.constructor.name;

/** One after another along the first axis. */
function joined(parts: readonly NamedArray[]): NamedArray {
  const [first] = parts as [NamedArray];
  const length = parts.reduce((sum, { data }) => sum + data.length, 0);
  const data = new (first.data.constructor as new (length: number) => Data)(length);
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return { ...first, shape: [rows, ...first.shape.slice(1)], data };
}

function transposed(array: NamedArray): NamedArray {
  const [rows, columns] = array.shape as [number, number];
  const data = array.data.slice() as Data;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) data[j * rows + i] = array.data[i * columns + j]!;
  return { ...array, shape: [columns, rows], data };
}

/** Queries, keys and values as one layer, where they are apart. */
function joinParts(found: Map<string, NamedArray>): void {
  for (const name of [...found.keys()]) {
    const [, before, ending] = /^(.+\.attn\.)[qkv](\..+)$/.exec(name) ?? [];
    if (!before || !found.has(name)) continue;
    const names = ['q', 'k', 'v'].map((part) => `${before}${part}${ending}`);
    const parts = names.flatMap((part) => found.get(part) ?? []);
    if (parts.length < 3)
      throw new DataError(
        `expected queries, keys and values, but of ${names.join(', ')} only ${parts.length} are there.`,
      );
    if (parts.some((part) => typeOf(part) !== typeOf(parts[0]!)))
      throw new DataError(
        `expected ${names.join(', ')} in one type, but they are ${parts.map(typeOf).join(', ')}.`,
      );
    for (const part of names) found.delete(part);
    found.set(`${before}qkv${ending}`, joined(parts));
  }
}

/** With registers timm adds the class token's position to the token, and keeps the patches' alone. */
function takeRegisters(found: Map<string, NamedArray>): void {
  const [registers, token, positions] = ['register_tokens', 'cls_token', 'pos_embed'].map((name) =>
    found.get(name),
  );
  if (!registers || !token || !positions || positions.shape.length < 2) return;
  const [width, all] = [token.data.length, float32Of(positions)];
  const data = float32Of(token).map((value, i) => value + all[i]!);
  found.delete('register_tokens');
  found.set('reg_token', registers);
  found.set('cls_token', { shape: token.shape, data });
  found.set('pos_embed', { shape: [1, positions.shape.at(-2)! - 1, width], data: all.slice(width) });
}

/** Shape [1, tokens, D]. What has another rank than it should is left to the reader of the weights, who names it. */
function asTokens(array: NamedArray): NamedArray {
  const width = array.shape.at(-1);
  if (!width) return array;
  return { ...array, shape: [1, array.data.length / width, width] };
}

/**
 * A state dict of a vision transformer by timm's names, as {@link vit} has them. CLIP's projection and a classifier are `head`;
 * what else is no part of the features is left out: poolers, mask tokens, CLIP's other tower.
 *
 * @param arrays by the names of Hugging Face, OpenAI, torchvision, the official DINO and DINOv2, or timm; also behind `module.`,
 *   `backbone.`, `vit.` and the like
 * @param options.prefix only what stands behind it, where a file has several: `teacher.`
 * @throws DataError when no name is that of a vision transformer's weight, two are the same one's, or a part of an attention is missing
 * @example
 * loadWeights(vit('vit-b/16', { seed: 0 }), toTimmNames(decodeSafetensors(file).arrays));
 */
export function toTimmNames(arrays: NamedArrays, options: { prefix?: string } = {}): Map<string, NamedArray> {
  checkArrays(arrays);
  const names = timmNames([...arrays.keys()], options);
  const found = new Map(Array.from(names, ([given, name]) => [name, arrays.get(given)!]));
  joinParts(found);
  takeRegisters(found);
  for (const name of ['cls_token', 'pos_embed']) {
    const array = found.get(name);
    if (array) found.set(name, asTokens(array));
  }
  const projection = found.get('proj');
  if (projection?.shape.length === 2) found.set('head.weight', transposed(projection));
  found.delete('proj');
  return found;
}
