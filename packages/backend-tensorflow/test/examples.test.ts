import { join } from 'node:path';
import { tensorflowFolders, testExamples } from '@longtail/test-support';

testExamples(join(import.meta.dirname, '..'), {
  given: {
    'register.ts': (context) => {
      const folders = tensorflowFolders();
      if (!folders) context.skip('no TensorFlow');
      return { args: [folders!.library, folders!.javascript] };
    },
  },
});
