import { join } from 'node:path';
import { testExamples } from '@longtail/test-support';

testExamples(join(import.meta.dirname, '..'));
