/** The conformance suite of losses: run it on one of your own, with vitest. */
import { describe, it } from 'vitest';
import type { Loss } from './loss.ts';
import { COUNTS, EPOCHS } from './testing/evaluate.ts';
import * as learning from './testing/learning.ts';
import * as numeric from './testing/numeric.ts';

export interface LossContract {
  /** Whether it takes soft targets; if not, it must refuse them. */
  readonly soft?: boolean;
  /** Why what a row costs depends on the rows beside it, where it does; the checks of that are then skipped. */
  readonly seesOtherRows?: string;
}

/**
 * @param make the loss for class counts [C]
 * @example
 * describeLoss('balanced softmax', (counts) => balancedSoftmax(counts), { soft: true });
 */
export function describeLoss(
  name: string,
  make: (counts: Int32Array) => Loss,
  { soft = false, seesOtherRows }: LossContract = {},
): void {
  describe(`loss ${name}`, () => {
    const loss = make(COUNTS);

    it.each(EPOCHS)('is finite, the same at the same step, and leaves no tensor behind: epoch %i', (epoch) =>
      numeric.isRepeatable(loss, epoch),
    );
    it.each(EPOCHS)('has the gradient that finite differences give: epoch %i', (epoch) =>
      numeric.hasItsGradient(loss, epoch),
    );
    it.each(EPOCHS)('is finite, with a finite gradient, for logits of +-1e4: epoch %i', (epoch) =>
      numeric.isFiniteFarOut(loss, epoch),
    );
    it.each(EPOCHS)(
      'is finite for one class, for equal counts and for classes without images: epoch %i',
      (epoch) => numeric.takesAnyCounts(make, epoch),
    );
    it(soft ? 'is the same for one-hot targets' : 'refuses soft targets in a sentence', () =>
      numeric.keepsToTargets(make, { soft }),
    );

    it.each(EPOCHS)('raises the class of the label and lowers the others: epoch %i', (epoch) =>
      learning.learnsFromLabels(loss, epoch),
    );
    it.each(EPOCHS)('costs less for what is right than for what is wrong: epoch %i', (epoch) =>
      learning.prefersRight(loss, epoch),
    );
    it.for(EPOCHS)('is a mean over the batch: epoch %i', (epoch, context) => {
      if (seesOtherRows) context.skip(seesOtherRows);
      if (learning.drawsByStep(loss, epoch)) context.skip('it draws other numbers for every row');
      learning.isMean(loss, epoch);
    });
    it.for(EPOCHS)('sees in a row nothing of the others: epoch %i', (epoch, context) => {
      if (seesOtherRows) context.skip(seesOtherRows);
      learning.keepsRowsApart(loss, epoch);
    });
  });
}
