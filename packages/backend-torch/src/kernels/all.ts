/** Every kernel that runs in libtorch. */
import type { TorchKernel } from '../kernel.ts';
import { activations } from './activation.ts';
import { attention } from './attention.ts';
import { blocks } from './blocks.ts';
import { deferring } from './channelwise.ts';
import { complex } from './complex.ts';
import { creation } from './creation.ts';
import { crossEntropy } from './cross-entropy.ts';
import { elementwise } from './elementwise.ts';
import { fusedConv } from './fused-conv.ts';
import { generalConv } from './general-conv.ts';
import { linearAlgebra } from './linear-algebra.ts';
import { matmul } from './matmul.ts';
import { normalisation } from './normalisation.ts';
import { places } from './places.ts';
import { pool } from './pool.ts';
import { reduce } from './reduce.ts';
import { resize } from './resize.ts';
import { scan } from './scan.ts';
import { shape } from './shape.ts';
import { steps } from './steps.ts';
import { tfjsConv } from './tfjs-conv.ts';
import { topK } from './top-k.ts';
import { training } from './training.ts';
import { transformer } from './transformer.ts';

export const KERNELS: readonly TorchKernel[] = [
  ...activations,
  ...attention,
  ...blocks,
  ...complex,
  ...generalConv,
  ...creation,
  ...crossEntropy,
  ...elementwise,
  ...fusedConv,
  ...linearAlgebra,
  ...matmul,
  ...normalisation,
  ...places,
  ...pool,
  ...reduce,
  ...resize,
  ...scan,
  ...shape,
  ...steps,
  ...tfjsConv,
  ...topK,
  ...training,
  ...transformer,
].map(deferring);
