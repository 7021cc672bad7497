/** Logistic regression as it is, with its prior moved, and with class weights; and the backbone's own head. */
import { logisticRegression } from '@longtail/heads';
import { copyOf } from '../base-head.ts';
import type { FitContext, Fitted } from '../fit-context.ts';
import { toleranceOf } from '../long-fits.ts';

export async function fitLogistic(context: FitContext): Promise<Fitted> {
  const { head, C } = await context.base();
  return { parts: { head: copyOf(head) }, settings: { C }, select: context.selection.how };
}

export async function fitMoved(context: FitContext): Promise<Fitted> {
  const { parts, ...rest } = await fitLogistic(context);
  return { ...rest, parts: { ...parts, prior: context.prior } };
}

/** C is that of the plain one. */
export async function fitBalanced(context: FitContext): Promise<Fitted> {
  const { train, numClasses, signal, onStep } = context;
  const { C, head: from } = await context.base();
  const tolerance = toleranceOf(train.features.shape, numClasses);
  const onIteration = (iteration: number) => onStep?.(`iteration ${iteration}`);
  const options = { numClasses, C, signal, from, tolerance, onIteration, classWeight: 'balanced' } as const;
  const head = await logisticRegression(train.features, train.labels, options);
  return { parts: { head }, settings: { C }, select: context.selection.how };
}

export const fitJoint = async ({ joint }: FitContext): Promise<Fitted> => ({
  parts: { head: copyOf(joint!) },
  settings: {},
  select: 'default',
});
