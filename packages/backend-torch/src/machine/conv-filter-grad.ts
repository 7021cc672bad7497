/**
 * dF[u, v, c, g o] = sum over n, i, j of x[n, s i + d u - top, s j + d v - left, g c] dy[n, i, j, g o]:
 * some inputs of some places of the window at once, a register each. A unit is some pictures' groups; who uses it adds the
 * units of the same groups up, so that no sum depends on which thread was first.
 */
import { divisor, FLOAT, type GroupedConv, type Layout } from './grouped-conv.ts';
import { addProducts, copy, part, routineOfUnits } from './units.ts';
import { type Assembler, REGISTERS } from './x64.ts';

const { RAX, RCX, RDX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 } = REGISTERS;

/** Places of a row whose products are written out one after another. */
const UNROLLED = 8;

/**
 * @param pictures of a unit
 * @returns a routine that adds to its filters, [units of the same groups, groups, blocks, h, w, inputs, outputs of a block]
 */
export function convFilterGrad(conv: GroupedConv, layout: Layout, pictures: number): Uint8Array {
  const { size, window, groups, inputs, outputs, padding, together } = conv;
  const { places, copied } = layout;
  const filter = window[0] * window[1] * inputs * outputs;
  const each = (code: Assembler): void => {
    const [x, y] = [size[0] * size[1] * inputs, places[0] * places[1] * outputs].map(
      (n) => n * groups * pictures,
    );
    part(code, RSI, 'x', { picture: x!, groups: together * inputs });
    part(code, R13, 'y', { picture: y!, groups: together * outputs });
    part(code, R14, 'filter', { picture: groups * filter, groups: together * filter });
    code.repeat(RBP, pictures, () => {
      copy(code, conv, layout, { source: RSI, size, channels: inputs, padding });
      copy(code, conv, layout, { source: R13, offset: copied.x, size: places, channels: outputs });
      code.push(RSI);
      addUnit(code, conv, layout);
      code.pop(RSI);
      code.addNumber(R14, -together * filter * FLOAT);
    });
  };
  return routineOfUnits(conv, layout, { own: copied.x + copied.y, each });
}

/** To what is at R14: groups, blocks of outputs, places of the window and inputs. */
function addUnit(code: Assembler, conv: GroupedConv, layout: Layout): void {
  const { window, inputs, outputs, dilations, together } = conv;
  const { padded, bytes, vectors, blocks, sums, copied } = layout;
  const place = inputs * FLOAT;
  const block = vectors * bytes;
  const channels = divisor(inputs, sums);
  const columns = channels < inputs ? 1 : divisor(window[1], Math.floor(sums / inputs));
  code.move(R12, R15);
  code.move(RSI, R15);
  code.addNumber(RSI, copied.x);
  code.repeat(R8, together, () => {
    code.repeat(R9, blocks, () => {
      code.repeat(R10, window[0], () => {
        code.repeat(R11, window[1] / columns, () => {
          for (let first = 0; first < inputs; first += channels)
            addTile(code, conv, layout, { columns, channels, first });
          code.addNumber(R12, columns * dilations[1] * place);
          code.addNumber(R14, columns * inputs * block);
        });
        code.addNumber(R12, (dilations[0] * padded[1] - dilations[1] * window[1]) * place);
      });
      code.addNumber(R12, -window[0] * dilations[0] * padded[1] * place);
      code.addNumber(RSI, block);
    });
    code.addNumber(R12, copied.x / together);
    code.addNumber(RSI, copied.y / together - outputs * FLOAT);
  });
}

interface Tile {
  readonly columns: number;
  readonly channels: number;
  readonly first: number;
}

/** Some channels from the `first` on, of some columns of the window: x from R12 on, dy from RSI on. */
function addTile(
  code: Assembler,
  { inputs, outputs, strides, dilations }: GroupedConv,
  layout: Layout,
  { columns, channels, first }: Tile,
): void {
  const { places, padded, bytes, vectors } = layout;
  const place = inputs * FLOAT;
  const sums = columns * channels;
  const block = sums * vectors;
  const each = (does: 'load' | 'store'): void => {
    for (let i = 0; i < block; i++) {
      const [column, channel] = [Math.floor(i / vectors / channels), Math.floor(i / vectors) % channels];
      const row = column * inputs + first + channel;
      code.vector(does, bytes, i, { base: R14, offset: (row * vectors + (i % vectors)) * bytes });
    }
  };
  const addPlaces = (count: number): void => {
    for (let at = 0; at < count; at++) {
      for (let vector = 0; vector < vectors; vector++) {
        const offset = at * outputs * FLOAT + vector * bytes;
        code.vector('load', bytes, block + vector, { base: RAX, offset });
      }
      const factor = (sum: number) => {
        const [column, channel] = [Math.floor(sum / channels), first + (sum % channels)];
        return { base: RDI, offset: (at * strides[1] + column * dilations[1]) * place + channel * FLOAT };
      };
      addProducts(code, layout, { sums, block, factor });
    }
    code.addNumber(RDI, count * strides[1] * place);
    code.addNumber(RAX, count * outputs * FLOAT);
  };
  const unrolled = Math.min(places[1], UNROLLED);
  each('load');
  code.move(RDI, R12);
  code.move(RAX, RSI);
  code.repeat(RCX, places[0], () => {
    code.repeat(RDX, Math.floor(places[1] / unrolled), () => addPlaces(unrolled));
    addPlaces(places[1] % unrolled);
    code.addNumber(RDI, (strides[0] * padded[1] - strides[1] * places[1]) * place);
  });
  each('store');
}
