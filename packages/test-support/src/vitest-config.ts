import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // libtorch uses every core itself; turbo runs two packages at a time, whose threads are not to spin for one another.
    fileParallelism: false,
    env: { GOMP_SPINCOUNT: process.env.GOMP_SPINCOUNT ?? '3000' },
    // Processes that race on a shared machine: once more there, and reported; what is wrong fails twice.
    retry: process.env.CI ? 1 : 0,
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.vitest/results.json' },
  },
});
export default config;
