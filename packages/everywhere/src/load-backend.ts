/** What every test file of a backend's run begins with. */
import { loadEngine } from '@longtail/engine';
import { testBackend } from '@longtail/test-support/backend';

await loadEngine({ backend: testBackend() as 'torch', device: 'cpu' });
