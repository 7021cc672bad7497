/** PyTorch's types of elements (c10/core/ScalarType.h), and the classes of storages that pickles name them by. */
import { type Dtype, TYPED_ARRAYS } from '../element-type.ts';
import type { TorchType } from '../pickle/values.ts';

const plain = (dtype: Dtype): TorchType => ({
  name: dtype,
  dtype,
  bytes: TYPED_ARRAYS[dtype].BYTES_PER_ELEMENT,
});
const other = (name: string, bytes: number): TorchType => ({ name, dtype: undefined, bytes });

/** The classes are kept for old types only: a newer one is an UntypedStorage with its dtype beside. */
export const STORAGES: Readonly<Record<string, TorchType>> = {
  DoubleStorage: plain('float64'),
  FloatStorage: plain('float32'),
  HalfStorage: plain('float16'),
  BFloat16Storage: plain('bfloat16'),
  LongStorage: plain('int64'),
  IntStorage: plain('int32'),
  ShortStorage: plain('int16'),
  CharStorage: plain('int8'),
  ByteStorage: plain('uint8'),
  BoolStorage: plain('bool'),
  UntypedStorage: plain('uint8'),
  ComplexFloatStorage: other('complex64', 8),
  ComplexDoubleStorage: other('complex128', 16),
  QInt8Storage: other('qint8', 1),
  QUInt8Storage: other('quint8', 1),
  QInt32Storage: other('qint32', 4),
  QUInt4x2Storage: other('quint4x2', 1),
  QUInt2x4Storage: other('quint2x4', 1),
};

/** `torch.float8_e4m3fn` and all else by a name that is not plain: nothing is known of its elements. */
export const torchType = (name: string): TorchType =>
  Object.hasOwn(TYPED_ARRAYS, name) ? plain(name as Dtype) : other(name, 0);

/** The names of dtypes that stand beside tensors and settings. */
export const DTYPE_NAMES: readonly string[] = [
  ...Object.keys(TYPED_ARRAYS),
  ...['float8_e4m3fn', 'float8_e5m2', 'float8_e4m3fnuz', 'float8_e5m2fnuz', 'float8_e8m0fnu'],
  ...['float4_e2m1fn_x2', 'complex32', 'complex64', 'complex128', 'bcomplex32'],
  ...['qint8', 'quint8', 'qint32', 'quint4x2', 'quint2x4'],
];
