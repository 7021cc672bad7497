import { join } from 'node:path';
import { testExamples } from '@longtail/test-support';

const golden = (name: string) => join(import.meta.dirname, 'golden', name);

testExamples(join(import.meta.dirname, '..'), {
  given: {
    'features-and-weights.ts': () => ({
      args: [golden('features/f4.npy'), golden('torch/model.pth')],
      prints: ['0 40 6', 'heads.0.weight float32 [ 3, 2 ]', '[ 2, 1, 3, 3 ] 18'],
    }),
  },
});
