/** Checks of what a caller hands over: backbones, arrays by name, and how features are wanted. Each throws an InputError. */
import {
  checkFunctions,
  checkIntegers,
  checkLists,
  checkObjects,
  checkOneOf,
  checkOptions,
  checkStrings,
  InputError,
  shown,
} from '@longtail/core';
import type { NamedArrays } from '@longtail/formats';
import type { Backbone, FeatureOptions } from './backbone.ts';

/** Channels of a layer, blocks of a stage, places of a side: more is a slip, and would take the machine's memory. */
export const MOST: number = 2 ** 16;

/** @throws InputError naming the first that is neither true nor false */
export function checkFlags(values: Readonly<Record<string, unknown>>): void {
  checkOneOf(values, [true, false]);
}

/** @throws InputError unless they are an array of strings */
export function checkNames(values: Readonly<Record<string, unknown>>): void {
  checkLists(values);
  for (const [name, list] of Object.entries(values))
    checkStrings(Object.fromEntries([...(list as unknown[])].map((one, i) => [`${name}[${i}]`, one])));
}

function checkMaps(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values))
    if (!(value instanceof Map)) throw new InputError(`${name} must be a Map, but it is ${shown(value)}.`);
}

/** @throws InputError unless they are a Map from names to arrays with a shape */
export function checkArrays(arrays: NamedArrays): void {
  checkMaps({ arrays });
  for (const [name, array] of arrays) {
    checkStrings({ 'a name of the arrays': name });
    checkObjects({ [name]: array });
    checkLists({ [`${name}.shape`]: array.shape, [`${name}.data`]: array.data });
  }
}

/** @throws InputError unless it has a name and stages */
export function checkStaged(backbone: Pick<Backbone, 'name' | 'stages'>): void {
  checkObjects({ 'a backbone': backbone });
  const { name, stages } = backbone;
  checkStrings({ "a backbone's name": name });
  checkLists({ "a backbone's stages": stages });
  for (const stage of stages) {
    checkObjects({ 'a stage': stage });
    checkStrings({ "a stage's name": stage.name });
    checkLists({ "a stage's trainable": stage.trainable, "a stage's statistics": stage.statistics });
  }
}

/** @throws InputError unless it has the five members of the contract, and `dispose` */
export function checkBackbone(backbone: Backbone): void {
  checkStaged(backbone);
  const { featureDim, features, weights, dispose } = backbone;
  checkIntegers({ "a backbone's featureDim": featureDim });
  checkFunctions({ "a backbone's features": features, "a backbone's dispose": dispose });
  checkMaps({ "a backbone's weights": weights });
}

/** @returns the options with nothing left out */
export function featureOptions(given: FeatureOptions): Required<FeatureOptions> {
  const { training, frozen = [], checkpointed = [] } = checkOptions(given, { of: 'features' });
  checkFlags({ training });
  checkNames({ frozen, checkpointed });
  return { training, frozen, checkpointed };
}
