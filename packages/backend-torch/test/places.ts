/** Where most 3x3 filters go in these tests: everywhere, with zeros around. */
import type { ConvAttributes } from '../src/kernels/conv.ts';

export const EVERYWHERE: Omit<ConvAttributes, 'groups'> = {
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [1, 1],
    [1, 1],
  ],
};
