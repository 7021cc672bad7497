import { join } from 'node:path';
import { testExamples } from '@longtail/test-support';
import '../examples/own-backend.ts';

testExamples(join(import.meta.dirname, '..'), { suites: ['own-backend.ts'] });
