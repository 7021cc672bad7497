/** The files that take minutes begin first, so that none runs on alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONGEST = ['demo', 'run', 'checkpoint', 'rebalance', 'published-checkpoints'].map(
  (name) => `/test/${name}.test.ts`,
);

const place = ({ moduleId }: TestSpecification): number => {
  const found = LONGEST.findIndex((end) => moduleId.endsWith(end));
  return found === -1 ? LONGEST.length : found;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
