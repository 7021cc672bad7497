/** Where the real pictures and reference outputs of the tests lie: `LONGTAIL_SHARED`, or `shared` beside the repository. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

const root = process.env.LONGTAIL_SHARED ?? join(import.meta.dirname, '../../../../shared');

export function shared(path: string): string {
  return join(root, path);
}

/** The path of a shared file; where it is absent, the test is skipped and the reason printed. */
export function sharedOrSkip(context: TestContext, path: string): string {
  if (!existsSync(shared(path))) {
    console.warn(`skipped "${context.task.name}": no ${path} in LONGTAIL_SHARED (${root})`);
    context.skip(`no ${path} in LONGTAIL_SHARED`);
  }
  return shared(path);
}
