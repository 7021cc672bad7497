/** One run of a model: bytes in, its outputs out. */
import { DataError, InputError } from '@longtail/core';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Statistics } from '../statistics.ts';
import { type Elements, elementsOf, elementTable } from './elements.ts';
import { type Input, shapeText } from './input.ts';
import type { OnnxOptions } from './options.ts';
import { outputName, rowsOf } from './output.ts';
import { type Runtime, reason } from './runtime.ts';

export interface Model {
  readonly runtime: Pick<Runtime, 'Tensor'>;
  readonly session: InferenceSession;
  readonly file: string;
  readonly input: Input;
  /** Of float32 and float16 inputs. */
  readonly statistics: Statistics | undefined;
}

/** Of as many pictures as `count`; those beyond the pixels are of zeros. */
type Run = (pixels: Uint8Array, count: number) => Promise<Readonly<Record<string, Tensor>>>;

/**
 * @param options.outputs the names of those to compute
 * @returns a function that throws a DataError when the model does not run
 */
export function runOf(
  { runtime, session, file, input, statistics }: Model,
  { outputs }: { outputs: readonly string[] },
): Run {
  const { name, type, layout, size } = input;
  const [places, table] = [size[0] * size[1], elementTable(type, statistics)];
  return async (pixels, count) => {
    const elements = elementsOf(pixels, { table, layout, count, places });
    const shape = layout === 'nhwc' ? [count, ...size, 3] : [count, 3, ...size];
    try {
      const images = tensorOf(runtime, { type, elements, shape });
      return (await session.run({ [name]: images }, outputs)) as Record<string, Tensor>;
    } catch (cause) {
      throw new DataError(
        `expected ${file} to run on pictures ${shapeText(shape)}, but: ${reason(cause)}.`,
        { file, shape },
        { cause },
      );
    }
  };
}

/**
 * On Node with a Float16Array, `new Tensor('float16', ...)` makes one of any data, and the binding of 1.30 reads it as no bytes
 * (microsoft/onnxruntime pull request 32323): so halves go in as 16-bit integers under the name of halves.
 */
function tensorOf(
  { Tensor }: Pick<Runtime, 'Tensor'>,
  { type, elements, shape }: { type: Input['type']; elements: Elements; shape: readonly number[] },
): Tensor {
  if (type !== 'float16') return new Tensor(type, elements, shape);
  return Object.defineProperty(new Tensor('uint16', elements, shape), 'type', { value: type });
}

/**
 * Runs the model once on grey pictures; two of them where it takes any number, since some that say so take one.
 *
 * @returns the name of the output that is the features, and their length
 */
export async function tryOut(
  model: Model,
  { output, token }: Pick<OnnxOptions, 'output' | 'token'>,
): Promise<{ output: string; featureDim: number }> {
  const { session, file, input } = model;
  const names = session.outputMetadata.filter(({ isTensor }) => isTensor).map(({ name }) => name);
  if (output !== undefined && !names.includes(output))
    throw new InputError(`${file} has the outputs ${names.join(', ')}, but "${output}" was named.`, {
      output,
      names,
    });
  const run = runOf(model, { outputs: output === undefined ? names : [output] });
  const count = input.batch ?? 2;
  const grey = new Uint8Array(count * input.size[0] * input.size[1] * 3).fill(128);
  const outputs = await run(grey, count);
  const found = output ?? outputName(outputs, { file, token });
  const rows = rowsOf(outputs[found]!, { name: `"${found}" of ${file}`, count, token });
  const bad = rows.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DataError(
      `expected finite features of a grey picture, but "${found}" of ${file} gives ${rows[bad]}; look at its weights, and at \`statistics\`.`,
      { file, output: found },
    );
  return { output: found, featureDim: rows.length / count };
}
