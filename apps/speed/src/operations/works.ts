/** What is timed: one entry a row of the table, understood by operations.ts and operations.py alike. */

export interface Work {
  readonly name: string;
  readonly kind:
    | 'conv'
    | 'convGrad'
    | 'batchNorm'
    | 'maxPool'
    | 'avgPool'
    | 'crossEntropy'
    | 'matMul'
    | 'sgd'
    | 'mlp'
    | 'inference'
    | 'bottleneck';
  /** conv: [batch, size, in, out, kernel, stride, groups]; the others: see operations.py. */
  readonly sizes: readonly number[];
  /** Milliseconds of one measurement, at the least; 50 if nothing is said. */
  readonly least?: number;
  /** In bfloat16, PyTorch under torch.autocast. */
  readonly autocast?: true;
}

/** [size, in, out, kernel, stride, groups] of the distinct convolutions of ResNet-50, and those of ResNeXt-50 (32x4d) alone. */
const CONVOLUTIONS: readonly (readonly [number, number, number, number, number, number])[] = [
  [224, 3, 64, 7, 2, 1],
  [56, 64, 64, 1, 1, 1],
  [56, 64, 64, 3, 1, 1],
  [56, 64, 256, 1, 1, 1],
  [56, 256, 64, 1, 1, 1],
  [56, 256, 128, 1, 1, 1],
  [56, 128, 128, 3, 2, 1],
  [56, 256, 512, 1, 2, 1],
  [28, 128, 512, 1, 1, 1],
  [28, 512, 128, 1, 1, 1],
  [28, 128, 128, 3, 1, 1],
  [28, 512, 256, 1, 1, 1],
  [28, 256, 256, 3, 2, 1],
  [28, 512, 1024, 1, 2, 1],
  [14, 256, 1024, 1, 1, 1],
  [14, 1024, 256, 1, 1, 1],
  [14, 256, 256, 3, 1, 1],
  [14, 1024, 512, 1, 1, 1],
  [14, 512, 512, 3, 2, 1],
  [14, 1024, 2048, 1, 2, 1],
  [7, 512, 2048, 1, 1, 1],
  [7, 2048, 512, 1, 1, 1],
  [7, 512, 512, 3, 1, 1],
  [56, 128, 128, 3, 1, 32],
  [56, 256, 256, 3, 2, 32],
  [28, 256, 256, 3, 1, 32],
  [28, 512, 512, 3, 2, 32],
  [14, 512, 512, 3, 1, 32],
  [14, 1024, 1024, 3, 2, 32],
  [7, 1024, 1024, 3, 1, 32],
];

/** What stands still: [batch, size, in, out, kernel], a convolution with batch norm and ReLU; [batch, size, in, inside], a block. */
const INFERENCE: readonly Work[] = [
  { name: 'conv + batch norm + ReLU, 3x3 64->64 @56', kind: 'inference', sizes: [32, 56, 64, 64, 3] },
  { name: 'conv + batch norm + ReLU, 1x1 64->256 @56', kind: 'inference', sizes: [32, 56, 64, 256, 1] },
  { name: 'conv + batch norm + ReLU, 3x3 256->256 @14', kind: 'inference', sizes: [32, 14, 256, 256, 3] },
  { name: 'bottleneck block 256 (64) @56', kind: 'bottleneck', sizes: [32, 56, 256, 64] },
  { name: 'bottleneck block 1024 (256) @14', kind: 'bottleneck', sizes: [32, 14, 1024, 256] },
];

export const WORKS: readonly Work[] = [
  ...CONVOLUTIONS.flatMap(([size, inputs, outputs, kernel, stride, groups]): Work[] => {
    const shape = `${kernel}x${kernel} ${inputs}->${outputs} @${size}${stride > 1 ? ` /${stride}` : ''}${groups > 1 ? ` g${groups}` : ''}`;
    const sizes = [16, size, inputs, outputs, kernel, stride, groups];
    return [
      { name: `conv ${shape}`, kind: 'conv', sizes },
      { name: `conv ${shape}, dX + dW`, kind: 'convGrad', sizes },
    ];
  }),
  {
    name: 'batch norm in training and its gradient, 16x56x56x64',
    kind: 'batchNorm',
    sizes: [16, 56, 64],
  },
  {
    name: 'max pool 3x3 /2 and its gradient, 16x112x112x64',
    kind: 'maxPool',
    sizes: [16, 112, 64, 3, 2],
  },
  {
    name: 'average pool 7x7 and its gradient, 16x7x7x2048',
    kind: 'avgPool',
    sizes: [16, 7, 2048, 7, 1],
  },
  { name: 'cross-entropy and its gradient, 512x8142', kind: 'crossEntropy', sizes: [512, 8142] },
  { name: 'matmul 512x2048x8142', kind: 'matMul', sizes: [512, 2048, 8142] },
  { name: 'momentum update of 25 M weights', kind: 'sgd', sizes: [25, 1_000_000] },
  { name: 'MLP of 64 units, batch 32, one step', kind: 'mlp', sizes: [32, 64], least: 500 },
  ...INFERENCE.map((work) => ({ ...work, name: `inference: ${work.name}` })),
  ...INFERENCE.map((work): Work => ({ ...work, name: `bf16 inference: ${work.name}`, autocast: true })),
];
