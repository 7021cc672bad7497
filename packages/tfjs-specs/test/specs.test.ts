/** Every backend before tfjs-core's own judge; the exclusions are exactly what fails, so that none outlives its reason. */
import { tensorflowFolders, torchLibrary } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { EXCLUSIONS } from '../src/exclusions.ts';
import { runSpecs, summary } from '../src/specs.ts';

const failed = (results: Awaited<ReturnType<typeof runSpecs>>) =>
  results.flatMap(({ name, status }) => (status === 'failed' ? [name] : []));

/** As of tfjs 4.22: what TensorFlow and WebAssembly do not have kernels or attributes for. */
const MOST_FAILURES = { tensorflow: 247, wasm: 334, cpu: 0 };

describe('specs of tfjs-core', { timeout: 300_000 }, () => {
  it('torch passes all but the exclusions', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch here');
    const results = await runSpecs('torch');
    console.info(summary('torch', results));
    expect(results.length).toBeGreaterThan(4000);
    expect(failed(results).sort()).toEqual(Object.keys(EXCLUSIONS).sort());
  });
  for (const backend of ['tensorflow', 'cpu', 'wasm'] as const)
    it(`${backend} beside it`, async (context) => {
      if (backend === 'tensorflow' && !tensorflowFolders()) context.skip('no TensorFlow here');
      const results = await runSpecs(backend);
      console.info(summary(backend, results));
      expect(results.length).toBeGreaterThan(4000);
      expect(failed(results).length).toBeLessThanOrEqual(MOST_FAILURES[backend]);
    });
});
