import shared from '@longtail/test-support/vitest-config';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Most of it waits for the command, which computes little: two files at a time, each with one thread. */
const config: ViteUserConfig = mergeConfig(
  shared,
  defineConfig({
    test: {
      fileParallelism: true,
      maxWorkers: 2,
      sequence: { sequencer: LongestFirst },
      env: { OMP_NUM_THREADS: process.env.OMP_NUM_THREADS ?? '1' },
    },
  }),
);
export default config;
