/**
 * What a group of processes does, against the same done by one: every process draws the values of all of them.
 * usage: mpirun -n R node sums.ts BACKEND
 */
import assert from 'node:assert/strict';
import { random } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { openCollective } from '../../src/index.ts';

const backend = process.argv[2]!;
if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
await tf.setBackend(backend);
const group = await openCollective();
const ranks = Array.from({ length: group.size }, (_, rank) => rank);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** What a rank has in the tensor of this number: small integers, whose sums float32 has exactly. */
function valuesOf(rank: number, number: number, size: number): Float32Array {
  const { integer } = random(0, 'values', rank, number);
  return Float32Array.from({ length: size }, () => integer(200) - 100);
}

const SHAPES = [[], [0], [1], [3, 5], [2, 0, 4], [1000], [64, 65], [300_000], [7], [2, 3, 5, 7]];
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const EXPECTED = SHAPES.map((shape, number) => {
  const all = ranks.map((rank) => valuesOf(rank, number, sizeOf(shape)));
  return all[0]!.map((_, i) => sumOf(all.map((values) => values[i]!)));
});
const OWN = SHAPES.map((shape, number) => valuesOf(group.rank, number, sizeOf(shape)));

function check(tensors: readonly tf.Tensor[], factor = 1): void {
  for (const [i, tensor] of tensors.entries()) {
    const wrong = tensor.dataSync().findIndex((value, at) => value !== EXPECTED[i]![at]! * factor);
    assert.equal(wrong, -1, `tensor ${i} of shape [${tensor.shape}] ${tensor.dtype}`);
  }
}

const make = (dtype: 'float32' | 'int32'): tf.Tensor[] =>
  SHAPES.map((shape, i) => tf.tensor(OWN[i]!, shape, dtype));

// Sums and means, in buckets of every size, of mixed types, at once or later.
for (const bucketBytes of [1, 100, 2 ** 20, undefined]) {
  const options = bucketBytes ? { bucketBytes } : {};
  const [floats, integers] = [make('float32'), make('int32')];
  const before = tf.memory().numTensors;
  group.allReduce([...floats, ...integers], options);
  check(floats);
  check(integers);
  const means = make('float32');
  const pending = group.startAllReduce(means, { ...options, mean: true });
  pending.wait();
  pending.wait();
  check(means, 1 / group.size);
  assert.equal(tf.memory().numTensors, before + means.length);
  tf.dispose([floats, integers, means]);
}

// Variables stay the same objects; what shared their values keeps them; one listed twice is summed once.
const variable = tf.variable(tf.tensor1d([1, 2]));
const [clone, shaped] = [tf.clone(variable), tf.reshape(variable, [2, 1])];
group.allReduce([variable, shaped, variable]);
for (const summed of [variable, shaped])
  assert.deepEqual([...summed.dataSync()], [group.size, 2 * group.size]);
if (group.size > 1) assert.deepEqual([...clone.dataSync()], [1, 2]);
variable.assign(tf.tensor1d([5, 6]));
assert.deepEqual([...variable.dataSync()], [5, 6]);
assert.deepEqual([...tf.add(shaped, 1).dataSync()], [group.size + 1, 2 * group.size + 1]);

// In a tidy, what was made there is gone after it, and nothing else.
const outside = tf.scalar(1);
const count = tf.memory().numTensors;
tf.tidy(() => group.allReduce([tf.scalar(1), outside]));
assert.equal(tf.memory().numTensors, count);
assert.equal(outside.dataSync()[0], group.size);

// Arrays, each in its own type.
const last = group.size - 1;
const arrays = [
  Float64Array.of(2 ** -40 * (group.rank + 1), 2 ** 40),
  BigInt64Array.of(2n ** 53n + BigInt(group.rank)),
  Int32Array.of(group.rank, -1),
  Float32Array.of(0.5),
  new Float64Array(0),
] as const;
group.reduceArrays(arrays);
assert.deepEqual([...arrays[0]], [2 ** -40 * sumOf(ranks.map((rank) => rank + 1)), group.size * 2 ** 40]);
assert.equal(arrays[1][0], BigInt(group.size) * 2n ** 53n + BigInt(sumOf(ranks)));
assert.deepEqual([...arrays[2]], [sumOf(ranks), -group.size]);
const [greatest, least] = [Int32Array.of(group.rank), Int32Array.of(group.rank)];
group.reduceArrays([greatest], { operation: 'max' });
group.reduceArrays([least], { operation: 'min' });
assert.deepEqual([greatest[0], least[0]], [last, 0]);

// Bytes, of another length on every process.
const bytesOf = (rank: number): Uint8Array => new Uint8Array(rank * 1000).fill(rank + 1);
assert.deepEqual(group.gather(bytesOf(group.rank)), ranks.map(bytesOf));
const said = group.broadcastBytes(group.rank === last ? bytesOf(3) : undefined, { root: last });
assert.deepEqual(said, bytesOf(3));

// Tensors of one process to all.
const given = [...make('float32'), tf.tensor1d([group.rank === last, true], 'bool')];
group.broadcast(given, { root: last });
for (const [i, shape] of SHAPES.entries())
  assert.deepEqual(given[i]!.dataSync(), valuesOf(last, i, sizeOf(shape)));
assert.deepEqual([...given.at(-1)!.dataSync()], [1, 1]);

// What is refused changes nothing, and the next call is as good as before.
assert.throws(
  () => group.allReduce([tf.tensor1d(['a'])]),
  /tensors\[0\] must be a tensor of the type float32/,
);
assert.throws(() => group.broadcast(given, { root: group.size }), /root must be/);
const after = make('float32');
group.allReduce(after);
check(after);

group.barrier();
group.close();
if (group.size > 1) assert.throws(() => group.barrier(), /left the group/);
console.log(`rank ${group.rank} of ${group.size} on ${tf.getBackend()} by ${group.transport}: good`);
