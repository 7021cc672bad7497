/** A row of the table, looked at before anything is made of it. */
import { checkIntegers, checkNumbers, checkObjects, checkOneOf, InputError } from '@longtail/core';
import { checkFlags, MOST } from '../checks.ts';
import { VIT_ARCHITECTURES, type VitArchitecture, type VitName } from './architectures.ts';

function checked(given: VitArchitecture): VitArchitecture {
  checkObjects({ 'an architecture': given });
  const { patch, width, depth, heads, mlpRatio, layerScale, registers, projection, epsilon } = given;
  checkIntegers({ patch, width, depth, heads }, { most: MOST });
  checkIntegers({ registers }, { least: 0, most: MOST });
  checkIntegers({ projection: projection ?? 1 }, { most: MOST });
  checkNumbers({ mlpRatio }, { above: 0, most: MOST });
  checkNumbers({ epsilon, layerScale: layerScale ?? 0 }, { least: 0 });
  checkOneOf({ activation: given.activation }, ['erf', 'sigmoid']);
  checkFlags({ preNorm: given.preNorm, patchBias: given.patchBias, qkvBias: given.qkvBias });
  if (width % heads === 0 && Number.isInteger(width * mlpRatio)) return given;
  throw new InputError(
    `a transformer's heads and mlpRatio must divide its width of ${width} and multiply it to whole numbers, but they are ${heads} and ${mlpRatio}.`,
    { width, heads, mlpRatio },
  );
}

/** @throws InputError naming the known ones, or what is wrong with a row */
export function vitArchitectureOf(given: VitName | VitArchitecture): VitArchitecture {
  if (typeof given !== 'string') return checked(given);
  if (Object.hasOwn(VIT_ARCHITECTURES, given)) return VIT_ARCHITECTURES[given];
  throw new InputError(
    `expected one of ${Object.keys(VIT_ARCHITECTURES).join(', ')} or a row of such a table, but "${given}" was asked for.`,
    { given },
  );
}
