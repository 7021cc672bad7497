/** An ONNX model of float32 matrices, node by node (onnx.proto of the ONNX project, opset 17). */
import { type Bytes, bytesField, message, text, whole } from './protobuf.ts';

const [FLOAT, INT64] = [1, 7];
const [INT_ATTRIBUTE, INTS_ATTRIBUTE] = [2, 7];
/** What the operators here mean since 2021; read by onnxruntime from 1.11 on. */
const [OPSET, IR_VERSION] = [17, 8];

export interface Graph {
  /** Adds an operator. @returns the name of its output, the `output`th of those that it has, from 0 */
  readonly node: (
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, number | readonly number[]>>,
    output?: number,
  ) => string;
  /** Adds numbers. @returns their name */
  readonly constant: (values: ArrayLike<number>, shape: readonly number[]) => string;
  /** Adds int64 numbers, such as axes, shape [n]. @returns their name */
  readonly integers: (values: readonly number[]) => string;
  /** The file. Outputs are nodes' names by the names that the file gives them. */
  readonly model: (
    input: { name: string; width: number },
    outputs: Readonly<Record<string, { node: string; width: number }>>,
    metadata: Readonly<Record<string, string>>,
  ) => Bytes;
}

function attribute(name: string, value: number | readonly number[]): Bytes {
  if (typeof value === 'number') return message(text(1, name), whole(3, value), whole(20, INT_ATTRIBUTE));
  return message(text(1, name), ...value.map((one) => whole(8, one)), whole(20, INTS_ATTRIBUTE));
}

/** [rows, width], of any number of rows. */
function matrix(name: string, width: number): Bytes {
  const shape = message(bytesField(1, text(2, 'rows')), bytesField(1, whole(1, width)));
  return message(text(1, name), bytesField(2, bytesField(1, message(whole(1, FLOAT), bytesField(2, shape)))));
}

export function graph(): Graph {
  const nodes: Bytes[] = [];
  const constants: Bytes[] = [];
  const add = (
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: object = {},
  ): void => {
    nodes.push(
      message(
        ...inputs.map((input) => text(1, input)),
        ...outputs.map((output) => text(2, output)),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
      ),
    );
  };
  const store = (raw: ArrayBuffer, shape: readonly number[], type: number): string => {
    const name = `constant_${constants.length}`;
    const sizes = shape.map((size) => whole(1, size));
    constants.push(message(...sizes, whole(2, type), text(8, name), bytesField(9, new Uint8Array(raw))));
    return name;
  };
  return {
    node(operator, inputs, attributes, output = 0) {
      const stem = `${operator.toLowerCase()}_${nodes.length}`;
      const outputs = Array.from({ length: output + 1 }, (_, i) => (i === 0 ? stem : `${stem}_${i}`));
      add(operator, inputs, outputs, attributes);
      return outputs[output]!;
    },
    constant: (values, shape) => store(Float32Array.from(values).buffer, shape, FLOAT),
    integers: (values) => store(BigInt64Array.from(values, BigInt).buffer, [values.length], INT64),
    model(input, outputs, metadata) {
      for (const [name, { node }] of Object.entries(outputs)) add('Identity', [node], [name]);
      const body = message(
        ...nodes.map((node) => bytesField(1, node)),
        text(2, 'classifier'),
        ...constants.map((constant) => bytesField(5, constant)),
        bytesField(11, matrix(input.name, input.width)),
        ...Object.entries(outputs).map(([name, { width }]) => bytesField(12, matrix(name, width))),
      );
      return message(
        whole(1, IR_VERSION),
        text(2, 'longtail'),
        bytesField(7, body),
        bytesField(8, message(text(1, ''), whole(2, OPSET))),
        ...Object.entries(metadata).map(([key, value]) =>
          bytesField(14, message(text(1, key), text(2, value))),
        ),
      );
    },
  };
}
