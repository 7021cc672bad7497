/** The scores of a checkpoint in the terminal, and what they depend on. */

import { counted, EMPTY, percent } from '@longtail/report/results';
import type { CheckpointResults } from '../evaluate-checkpoint.ts';
import { engineTitle } from '../results.ts';
import { plainTable } from './plain-table.ts';
import { wrapped } from './score-table.ts';
import { facts } from './wrap.ts';

/** Names that begin alike as one: `optimizer.* (127)`. */
function grouped(names: readonly string[]): string[] {
  const byStart = Map.groupBy(names, (name) => name.split('.')[0]!);
  return [...byStart].map(([start, all]) => (all.length === 1 ? all[0]! : `${start}.* (${all.length})`));
}

/** Groups of names. */
const SHOWN = 8;

function listed(names: readonly string[]): string {
  const groups = grouped(names);
  const more = groups.length > SHOWN ? [`and ${groups.length - SHOWN} more`] : [];
  return [...groups.slice(0, SHOWN), ...more].join(', ') || 'nothing';
}

/**
 * Accuracies in percent with one decimal, the file they are of, and the conditions.
 *
 * @example
 * process.stdout.write(`${checkpointText(results)}\n`);
 */
export function checkpointText(
  results: CheckpointResults,
  { width }: { width?: number | undefined } = {},
): string {
  const { checkpoint, dataset, scores, labelsMap } = results;
  const { file, sha256, architecture, prefix, pictureSize, head, leftOut, states } = checkpoint;
  const size = pictureSize === undefined ? '' : `, made for pictures of ${pictureSize}`;
  const table = plainTable(['', 'many', 'medium', 'few', 'all', 'classes', 'macro-F1'], {
    widths: [26, 8],
    least: [12, 8],
    width,
  });
  const { many, medium, few, all, meanOfClasses, macroF1 } = scores;
  const columns = [many, medium, few, all, meanOfClasses, macroF1];
  table.push([dataset.name, ...columns.map(percent)]);
  const rows: [string, string][] = [
    ['file', file],
    ['sha256', sha256],
    ['architecture', `${architecture}${size}${prefix && `, from ${prefix}*`}`],
    ['head', head.join(', ')],
    ['left out', listed(leftOut)],
    ...Object.entries(states).map(([name, value]): [string, string] => [
      name,
      `${+value.toPrecision(6)}, by the file`,
    ]),
    ...(labelsMap
      ? [
          [
            'labels',
            `${labelsMap.file}; ${counted(labelsMap.leftOut, 'class', 'classes')} of the checkpoint left out`,
          ] as [string, string],
        ]
      : []),
  ];
  const conditions = [
    `recipe ${results.recipe}`,
    `${dataset.split} split`,
    counted(dataset.pictures, 'picture', 'pictures'),
    ...(dataset.skipped > 0 ? [`${counted(dataset.skipped, 'picture', 'pictures')} left out`] : []),
    `pictures ${results.evaluation}`,
    `groups ${scores.groupRule}`,
    engineTitle(results.engine),
  ];
  const legend = `accuracy in %   classes: the mean of all classes   ${EMPTY} no class in the group`;
  const lines = [legend, facts(rows, { width }), wrapped(conditions, { width })];
  return [table.toString(), lines.join('\n')].join('\n\n');
}
