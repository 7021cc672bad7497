/** Linear algebra of symmetric matrices, by LAPACK in float64: systems of equations, eigenvalues. */
import { SolvePositive, type SolvePositiveAttributes, SymmetricEigen } from '@longtail/kernels';
import { call, callMany } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { addNumber, cast, mul, scoped, type Use } from '../shims.ts';

const widest = () => (native().device.hasFloat64 ? 'float64' : 'float32');

/** In the type and order of tfjs's tensors. */
const narrow = (values: Handle, use: Use) => call('aten::contiguous', use(cast(values, 'float32')), 0);

export const linearAlgebra: TorchKernel[] = [
  kernel<SolvePositiveAttributes>(SolvePositive.name, ({ a, b }, { ridge }, backend) =>
    scoped((use, own) => {
      const wide = widest();
      // A copy also where it is as wide: its diagonal is written to.
      const copy = call('aten::to.dtype', backend.handle(a!), native().dtypes[wide], false, true, null);
      const matrix = use(copy);
      const diagonalOf = (x: Handle) => use(call('aten::diagonal', x, 0, 0, 1));
      const raised = use(addNumber(diagonalOf(matrix), ridge));
      use(call('aten::copy_', diagonalOf(matrix), raised, false));
      const [factor, info] = callMany('aten::linalg_cholesky_ex', [matrix, false, false], 2).map(use);
      const roots = diagonalOf(factor!);
      const least = use(call('aten::amin', use(call('aten::div.Tensor', use(mul(roots, roots)), raised)), [0], false)); // biome-ignore format: one formula
      const pivot = use(mul(least, use(call('aten::logical_not', info!))));
      const x = use(call('aten::cholesky_solve', use(cast(backend.handle(b!), wide)), factor!, false));
      return [
        backend.output(own(narrow(x, use)), b!.shape, 'float32'),
        backend.output(own(narrow(pivot, use)), [], 'float32'),
      ];
    }),
  ),
  kernel(SymmetricEigen.name, ({ a }, _, backend) =>
    scoped((use, own) => {
      const matrix = use(cast(backend.handle(a!), widest()));
      const [values, vectors] = callMany('aten::linalg_eigh', [matrix, 'L'], 2).map(use);
      return [
        backend.output(own(narrow(values!, use)), [a!.shape[0]!], 'float32'),
        backend.output(own(narrow(vectors!, use)), a!.shape, 'float32'),
      ];
    }),
  ),
];
