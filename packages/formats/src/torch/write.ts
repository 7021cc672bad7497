/** A state dict as torch.save writes it since 1.6: a zip of a pickle, and of the bytes of each tensor. */
import { entriesOf, type Named, type NamedArray, withDtype } from '../named-array.ts';
import { encodeZip } from '../zip/write.ts';
import { stateDict } from './write-pickle.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/**
 * @param arrays name to array, in a Map or a plain object, of any type; halves and bools by their `dtype`
 * @returns the file's bytes: an OrderedDict of tensors, which `torch.load(path, weights_only=True)` reads, `mmap=True` too
 * @throws InputError for an array that does not fit its shape or type, and for more than 4 GiB
 * @example
 * await writeFile('head.pth', encodeTorch(new Map([['fc.weight', { shape: [10, 64], data }]])));
 */
export function encodeTorch(arrays: Named<NamedArray>): Uint8Array<ArrayBuffer> {
  const typed = entriesOf(arrays).map(([name, array]) => ({ name, ...withDtype(array, `"${name}"`) }));
  return encodeZip([
    ['archive/data.pkl', stateDict(typed)],
    ['archive/byteorder', text('little')],
    ...typed.map(
      ({ data }, key) =>
        [`archive/data/${key}`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)] as const,
    ),
    ['archive/version', text('3\n')],
  ]);
}
