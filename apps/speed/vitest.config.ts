export { default } from '@longtail/test-support/vitest-config';
