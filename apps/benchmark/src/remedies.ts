/** How each file of a run can be had again: commands that do not read it. */
import type { Remedy } from './stored-json.ts';

type RunFile =
  | 'run'
  | 'dataset'
  | 'made'
  | 'representation'
  | 'features'
  | 'classifiers'
  | 'predictions'
  | 'results';

export function remedies(folder: string): Readonly<Record<RunFile, Remedy>> {
  const begin = `longtail run RECIPE --out ${folder}`;
  const again = 'delete it and give the command of the run again, which keeps what else is there';
  const classify = { after: `longtail classify ${folder}` };
  return {
    run: { after: begin, mend: `${again}, or start over with --fresh` },
    dataset: { after: begin },
    made: { after: begin, mend: again },
    representation: { after: begin, mend: again },
    features: { after: `longtail extract ${folder}` },
    classifiers: classify,
    predictions: classify,
    results: { after: `longtail evaluate ${folder}` },
  };
}
