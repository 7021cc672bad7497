/** Weights of one's own, of classes or of images. */
import { checkLists } from './checks.ts';
import { InputError } from './errors.ts';
import { shown } from './shown.ts';

/**
 * @param named the weights under their name: finite, >= 0
 * @param options.count how many there must be, of what; default: any number
 * @param options.images how many there would be of one an image
 * @throws InputError when there are not as many, or naming the first that is negative, infinite or no number
 * @example
 * checkWeights({ classWeights: [1, 5] }, { count: 2, of: 'classes' });
 */
export function checkWeights(
  named: Readonly<Record<string, ArrayLike<number>>>,
  { count, of, images }: { count?: number; of?: 'classes' | 'images'; images?: number } = {},
): void {
  checkLists(named);
  for (const [name, weights] of Object.entries(named)) {
    if (weights.length !== (count ?? weights.length))
      throw new InputError(
        `${name} must hold a weight for each of the ${count} ${of}, but there are ${weights.length}${weights.length === images ? '; for one an image take sampleWeights' : ''}.`,
        { weights: weights.length, count },
      );
    for (let i = 0; i < weights.length; i++)
      if (!(Number.isFinite(weights[i]) && weights[i]! >= 0))
        throw new InputError(`${name} must be finite and >= 0, but ${name}[${i}] is ${shown(weights[i])}.`, {
          index: i,
          weight: weights[i],
        });
  }
}
