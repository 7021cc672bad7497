/** One value in, one value out: unary and binary operations with NumPy's broadcasting. */
import { ReluGrad } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call, float, optional } from '../dispatch.ts';
import { type Handle, shapeOf } from '../handle.ts';
import { type Inputs, kernel, same, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, cast, full, mul, scoped } from '../shims.ts';

/** y >= 0 after a ReLU, so sign(y) is the mask in y's own type; multiplied in place, it is the result. */
export function reluGrad(dy: Handle, y: Handle): Handle {
  return scoped((_, own) => {
    const mask = own(call('aten::sign', y));
    call('aten::mul_.Tensor', mask, dy).free();
    return mask;
  });
}

const UNARY: Record<string, string> = {
  [tf.Abs]: 'aten::abs',
  [tf.Acos]: 'aten::acos',
  [tf.Acosh]: 'aten::acosh',
  [tf.Asin]: 'aten::asin',
  [tf.Asinh]: 'aten::asinh',
  [tf.Atan]: 'aten::atan',
  [tf.Atanh]: 'aten::atanh',
  [tf.Ceil]: 'aten::ceil',
  [tf.Cos]: 'aten::cos',
  [tf.Cosh]: 'aten::cosh',
  [tf.Erf]: 'aten::erf',
  [tf.Exp]: 'aten::exp',
  [tf.Expm1]: 'aten::expm1',
  [tf.Floor]: 'aten::floor',
  [tf.Log]: 'aten::log',
  [tf.Log1p]: 'aten::log1p',
  [tf.Neg]: 'aten::neg',
  [tf.Reciprocal]: 'aten::reciprocal',
  [tf.Relu]: 'aten::relu',
  [tf.Round]: 'aten::round',
  [tf.Rsqrt]: 'aten::rsqrt',
  [tf.Sigmoid]: 'aten::sigmoid',
  [tf.Sign]: 'aten::sign',
  [tf.Sin]: 'aten::sin',
  [tf.Sinh]: 'aten::sinh',
  [tf.Sqrt]: 'aten::sqrt',
  [tf.Square]: 'aten::square',
  [tf.Tan]: 'aten::tan',
  [tf.Tanh]: 'aten::tanh',
};

/** For NaN and the two infinities. */
const ZEROS = [0, 0, 0].map((zero) => optional(float(zero)));

/** A float as an int32, as in JavaScript: without its fraction, its lowest 32 bits, and 0 for NaN or an infinity. */
const narrowed = (x: Handle): Handle =>
  scoped((use) => cast(use(cast(use(call('aten::nan_to_num', x, ...ZEROS)), 'int64')), 'int32'));

const LIMITS = {
  float32: [-Infinity, Infinity],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  bool: [0, 1],
} as const;

/** Of an int32 these give an int32. */
const KEEPS_TYPE: ReadonlySet<string> = new Set([
  tf.Abs,
  tf.Ceil,
  tf.Floor,
  tf.Neg,
  tf.Relu,
  tf.Round,
  tf.Sign,
  tf.Square,
]);

/** a + sign b. The C function's alpha is a double, which libtorch refuses for integers: those go by way of float64. */
function sum(a: Handle, b: Handle, dtype: tf.DataType, sign = 1): Handle {
  if (dtype === 'float32') return add(a, b, sign);
  return scoped((use) => {
    if (!native().device.hasFloat64) {
      const shape = tf.backend_util.assertAndGetBroadcastShape(shapeOf(a), shapeOf(b));
      const both = [a, sign < 0 ? use(call('aten::neg', b)) : b].map((x) =>
        use(call('aten::expand', x, shape, false)),
      );
      const int64 = optional(native().dtypes.int64);
      return cast(
        use(call('aten::sum.dim_IntList', use(call('aten::stack', both, 0)), optional([0]), false, int64)),
        'int32',
      );
    }
    const exact = use(add(use(cast(a, 'float64')), use(cast(b, 'float64')), sign));
    return cast(use(cast(exact, 'int64')), 'int32'); // wraps as int32 does
  });
}

const BINARY: Record<string, (a: Handle, b: Handle, dtype: tf.DataType) => Handle> = {
  [tf.Add]: (a, b, dtype) => sum(a, b, dtype),
  [tf.Sub]: (a, b, dtype) => sum(a, b, dtype, -1),
  [tf.Multiply]: mul,
  [tf.RealDiv]: (a, b) => call('aten::div.Tensor', a, b),
  [tf.Pow]: (a, b) => call('aten::pow.Tensor_Tensor', a, b),
  [tf.Maximum]: (a, b) => call('aten::maximum', a, b),
  [tf.Minimum]: (a, b) => call('aten::minimum', a, b),
  [tf.Atan2]: (a, b) => call('aten::atan2', a, b),
  [tf.BitwiseAnd]: (a, b) => call('aten::bitwise_and.Tensor', a, b),
  [tf.FloorDiv]: (a, b, dtype) =>
    scoped((use) => {
      const quotient = call('aten::floor_divide', a, b);
      return dtype === 'float32' ? narrowed(use(quotient)) : quotient;
    }),
  [tf.Mod]: (a, b) => call('aten::remainder.Tensor', a, b),
  [tf.SquaredDifference]: (a, b, dtype) => scoped((use) => call('aten::square', use(sum(a, b, dtype, -1)))),
};

const COMPARE: Record<string, string> = {
  [tf.Equal]: 'aten::eq.Tensor',
  [tf.NotEqual]: 'aten::ne.Tensor',
  [tf.Greater]: 'aten::gt.Tensor',
  [tf.GreaterEqual]: 'aten::ge.Tensor',
  [tf.Less]: 'aten::lt.Tensor',
  [tf.LessEqual]: 'aten::le.Tensor',
  [tf.LogicalAnd]: 'aten::logical_and',
  [tf.LogicalOr]: 'aten::logical_or',
};

const TESTS: Record<string, string> = {
  [tf.IsFinite]: 'aten::isfinite',
  [tf.IsInf]: 'aten::isinf',
  [tf.IsNan]: 'aten::isnan',
  [tf.LogicalNot]: 'aten::logical_not',
};

const broadcast = ({ a, b }: Inputs): number[] =>
  tf.backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape);

export const elementwise: TorchKernel[] = [
  ...Object.entries(UNARY).map(([name, operator]) =>
    kernel(name, ({ x }, _, backend) =>
      backend.output(
        call(operator, backend.handle(x!)),
        x!.shape,
        KEEPS_TYPE.has(name) ? x!.dtype : 'float32',
      ),
    ),
  ),
  ...Object.entries(BINARY).map(([name, run]) =>
    kernel(name, (inputs, _, backend) =>
      backend.output(
        run(backend.handle(inputs.a!), backend.handle(inputs.b!), inputs.a!.dtype),
        broadcast(inputs),
        name === tf.FloorDiv ? 'int32' : inputs.a!.dtype, // of floats, too
      ),
    ),
  ),
  ...Object.entries(COMPARE).map(([name, operator]) =>
    kernel(name, (inputs, _, backend) =>
      backend.output(
        call(operator, backend.handle(inputs.a!), backend.handle(inputs.b!)),
        broadcast(inputs),
        'bool',
      ),
    ),
  ),
  kernel(tf.AddN, (inputs, _, backend) =>
    scoped((use) => {
      const [first, ...rest] = Object.values(inputs);
      const total = rest.reduce(
        (so, x) => use(sum(so, backend.handle(x), x.dtype)),
        use(call('aten::clone', backend.handle(first!), null)),
      );
      return backend.output(call('aten::alias', total), first!.shape, first!.dtype);
    }),
  ),
  ...Object.entries(TESTS).map(([name, operator]) =>
    kernel(name, ({ x }, _, backend) => backend.output(call(operator, backend.handle(x!)), x!.shape, 'bool')),
  ),
  kernel(tf.Select, ({ condition, t, e }, _, backend) => {
    const dtype = tf.upcastType(t!.dtype, e!.dtype);
    const mask = backend.handle(condition!);
    // A condition of rank 1 chooses whole rows.
    const shape = [...condition!.shape, ...Array(t!.shape.length - condition!.shape.length).fill(1)];
    return scoped((use) =>
      backend.output(
        call(
          'aten::where.self',
          use(call('aten::reshape', mask, shape)),
          backend.handle(t!),
          backend.handle(e!),
        ),
        t!.shape,
        dtype,
      ),
    );
  }),
  kernel<{ dtype: 'float32' | 'int32' | 'bool' }>(tf.Cast, ({ x }, { dtype }, backend) => {
    if (dtype === x!.dtype) return same(x!, backend);
    const from = backend.handle(x!);
    const isNarrowed = dtype === 'int32' && x!.dtype === 'float32';
    return backend.output(isNarrowed ? narrowed(from) : cast(from, dtype), x!.shape, dtype);
  }),
  kernel<tf.StepAttrs>(tf.Step, ({ x }, { alpha }, backend) =>
    scoped((use) => {
      const from = backend.handle(x!);
      const value = (n: number) => use(full([], n, x!.dtype as 'float32'));
      const isPositive = use(call('aten::gt.Tensor', from, value(0)));
      const step = use(call('aten::where.self', isPositive, value(1), value(alpha)));
      const y = call('aten::where.self', use(call('aten::isnan', from)), from, step);
      return backend.output(y, x!.shape, x!.dtype);
    }),
  ),
  kernel(ReluGrad.name, ({ dy, y }, _, backend) =>
    backend.output(reluGrad(backend.handle(dy!), backend.handle(y!)), dy!.shape, dy!.dtype),
  ),
  kernel<tf.ClipByValueAttrs>(tf.ClipByValue, ({ x }, { clipValueMin, clipValueMax }, backend) =>
    scoped((use) => {
      const { shape } = x!;
      const dtype = x!.dtype as keyof typeof LIMITS;
      const [least, most] = LIMITS[dtype];
      // A bound that an int32 does not reach is what all of them become, as far as they hold it.
      if (dtype === 'int32' && clipValueMin > most)
        return backend.output(full(shape, clipValueMin, dtype), shape, dtype);
      if (dtype === 'int32' && clipValueMax < least)
        return backend.output(full(shape, clipValueMax, dtype), shape, dtype);
      const bound = (value: number) => use(full([], Math.min(Math.max(value, least), most), dtype));
      const low = use(call('aten::maximum', backend.handle(x!), bound(clipValueMin)));
      return backend.output(call('aten::minimum', low, bound(clipValueMax)), shape, dtype);
    }),
  ),
];
