/** The table of samplers x classifiers for the terminal. */
import Table from 'cli-table3';
import type { Results } from './results.ts';

const percent = (value: number | null): string => (value === null ? '–' : (100 * value).toFixed(1));

/** Accuracies in percent; an empty group is a dash. Under it, what the rows were made with. */
export function scoreTable({ rows, protocol, recipe, seed, engine, options }: Results): string {
  const table = new Table({
    head: ['representation', 'classifier', 'many', 'medium', 'few', 'all'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { sampler, classifier, chosen, scores } of rows) {
    const what = Object.entries(chosen)
      .map(([key, value]) => ` ${key}=${value}`)
      .join('');
    table.push([
      sampler,
      classifier + what.replace(` ${classifier}=`, ' = '),
      percent(scores.many),
      percent(scores.medium),
      percent(scores.few),
      percent(scores.all),
    ]);
  }
  const made = `${recipe}, ${options.epochs} epochs, seed ${seed}, ${engine.backend} ${engine.version} on ${engine.device}`;
  const how = `groups: ${protocol.groupRule}; tau chosen on: ${protocol.selectionSplit}; epoch: ${protocol.epochRule}`;
  return `${table.toString()}\n${made}\n${how}`;
}
