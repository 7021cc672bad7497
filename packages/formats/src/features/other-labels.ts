/** Columns with the name of labels beside the labels: what would tell the answer is no feature, nor what is no number. */
import { ifReadable, type Table } from '../table.ts';
import { columnLabels, sentence } from './table-labels.ts';

/**
 * @param candidates columns of numbers with the name of labels
 * @param labels the column of labels; undefined where there is none, so that numbers may well be features
 * @returns which are left out, and what there is to say
 */
export async function otherLabels(
  table: Table,
  candidates: readonly number[],
  labels: number | undefined,
): Promise<{ columns: readonly number[]; notes: readonly string[] }> {
  const columns: number[] = [];
  const notes: string[] = [];
  for (const column of candidates) {
    const found = await ifReadable(columnLabels(table, column, undefined));
    const name = JSON.stringify(table.columns[column]!.name.slice(0, 80));
    if (!found) {
      columns.push(column);
      notes.push(`${name} is left out: not all of it is numbers.`);
    } else if (labels !== undefined && 'labels' in found) {
      columns.push(column);
      notes.push(
        `${name} is left out: the labels are those of "${table.columns[labels]!.name}"; name others with \`labels\`, or name \`features\` to take more.`,
      );
    } else if (labels !== undefined && !('labels' in found))
      notes.push(`${await sentence(table, column, found)}, so it is a feature and no label.`);
  }
  return { columns, notes };
}
