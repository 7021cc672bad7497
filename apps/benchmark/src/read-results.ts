/** The results of a run, of the predictions that lie beside them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { remedies } from './remedies.ts';
import type { Results } from './results.ts';
import { resultsSchema } from './results-schema.ts';
import { stageFile } from './stage-file.ts';
import { outdated } from './stage-stamps.ts';
import { readJson } from './stored-json.ts';

/**
 * @throws DataError when the file is missing or damaged, or the classifiers have been computed otherwise since; without
 *   any it is believed
 */
export async function readResults(folder: string): Promise<Results> {
  const path = join(folder, 'results.json');
  const { results: remedy } = remedies(folder);
  const results = await readJson(path, { schema: resultsSchema, ...remedy });
  for (const [sampler, stamp] of Object.entries(results.stamps)) {
    const predictions = stageFile(folder, sampler, 'predictions');
    if (existsSync(predictions) && (await outdated(predictions, stamp)) !== undefined)
      throw new DataError(
        `expected the scores of ${predictions} in ${path}, but they are of others; run "${remedy.after}" before.`,
        { path },
      );
  }
  return results;
}
