import { join } from 'node:path';
import { testExamples, torchLibrary } from '@longtail/test-support';

testExamples(join(import.meta.dirname, '..'), {
  given: {
    'register.ts': (context) => {
      const library = torchLibrary();
      if (!library) context.skip('no libtorch');
      return { args: [library!] };
    },
  },
});
