/** A run as an earlier version of the arithmetic would have left it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { decodeSafetensors, encodeSafetensors } from '@longtail/formats';
import { stampMetadata, stampOf } from '../src/run-stamp.ts';
import { stageFile } from '../src/stage-file.ts';

export function makeOlder(folder: string, sampler = 'instance-balanced'): void {
  for (const stage of ['representation', 'features', 'classifiers', 'predictions'] as const) {
    const path = stageFile(folder, sampler, stage);
    const file = decodeSafetensors(readFileSync(path));
    const { metadataHash, arrays: _, ...metadata } = file.metadata;
    const stamp = stampOf(metadata)!;
    const older = stampMetadata({ ...stamp, train: { ...stamp.train, numerics: 0 } });
    writeFileSync(path, encodeSafetensors(file.arrays, { ...metadata, ...older }));
  }
}
