/**
 * Results as a table for other programs: a line a row, the same columns whatever the results have. What they do not say is an
 * empty field; shares are 0..1, at full precision.
 *
 *   name, recipe, dataset          of the results
 *   sampler, classifier, chosen    of the row; chosen as `tau 0.7`
 *   seed, loss, group_rule, selection_split, epoch_rule, batch_norm, engine, device    the conditions of the number
 *   many, medium, few, all, mean_of_classes, macro_f1    shares, each followed by NAME_low and NAME_high of its interval
 *   test_size                      test pictures
 */
import { encodeCsv } from '@longtail/formats';
import { chosenText } from './format.ts';
import { parseResults } from './parse-results.ts';
import { type Results, type Row, SCORE_NAMES, type ScoreName } from './results.ts';

type Field = string | number | null | undefined;

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function scoreFields({ scores }: Row, score: ScoreName): [string, Field][] {
  const [low, high] = scores.intervals?.[score] ?? [];
  const name = snake(score);
  return [
    [name, scores[score]],
    [`${name}_low`, low],
    [`${name}_high`, high],
  ];
}

function fieldsOf(results: Results, row: Row): [string, Field][] {
  const { name, recipe, dataset, seed, engine, protocol = {} } = results;
  return [
    ['name', name],
    ['recipe', recipe],
    ['dataset', dataset.name],
    ['sampler', row.sampler],
    ['classifier', row.classifier],
    ['chosen', chosenText(row.chosen)],
    ['seed', seed],
    ['loss', protocol.loss],
    ['group_rule', row.scores.groupRule ?? protocol.groupRule],
    ['selection_split', protocol.selectionSplit],
    ['epoch_rule', protocol.epochRule],
    ['batch_norm', row.protocol ?? protocol.batchNorm],
    ['engine', engine && `${engine.backend} ${engine.version}`],
    ['device', engine?.device],
    ...SCORE_NAMES.flatMap((score) => scoreFields(row, score)),
    ['test_size', dataset.testSize],
  ];
}

/**
 * @param results one or several, such as the seeds of a recipe
 * @returns CSV (RFC 4180) with a header, a line a row
 * @throws DataError for what is not of the form of results
 * @example
 * await writeFile('results.csv', resultsCsv(results));
 */
export function resultsCsv(results: Results | readonly Results[]): string {
  const all = [results].flat().map((one) => parseResults(one));
  const lines = all.flatMap((one) => one.rows.map((row) => fieldsOf(one, row)));
  const names = (lines[0] ?? []).map(([name]) => name);
  const columns = new Map(names.map((name, i) => [name, lines.map((line) => String(line[i]![1] ?? ''))]));
  return new TextDecoder().decode(encodeCsv(columns));
}
