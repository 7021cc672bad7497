/**
 * A model card: Markdown that says what a classifier is, how good, and under which conditions, with the metadata that
 * the Hugging Face Hub reads (https://huggingface.co/docs/hub/model-cards): its `model-index` has the scores.
 */
import { checkOptions, checkStrings, InputError } from '@longtail/core';
import { conditions } from './conditions.ts';
import { fileNames } from './file-name.ts';
import { chosenText, classifierName, counted, percent } from './format.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import { parseResults } from './parse-results.ts';
import { GROUPS, type Results, type Row, SCORE_NAMES, type ScoreName, trainSizeOf } from './results.ts';

const SCORE_TITLES: Readonly<Record<ScoreName, string>> = {
  many: 'Accuracy, many-shot classes',
  medium: 'Accuracy, medium-shot classes',
  few: 'Accuracy, few-shot classes',
  all: 'Accuracy',
  meanOfClasses: 'Mean of the accuracies of the classes',
  macroF1: 'Macro F1',
};

/** JSON's strings and numbers are YAML's, but for signs that YAML wants escaped. */
const yaml = (value: string | number): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The first is what the Hub shows first. */
const scoresOf = ({ scores }: Row): [ScoreName, number][] =>
  (['all', ...SCORE_NAMES.filter((name) => name !== 'all')] as const).flatMap((name) => {
    const value = scores[name];
    return typeof value === 'number' ? [[name, value] as [ScoreName, number]] : [];
  });

function metadata({ name, dataset }: Results, row: Row, license: string | undefined): string[] {
  const [id] = fileNames([dataset.name.toLowerCase()]) as [string];
  const metrics = scoresOf(row).flatMap(([score, value]) => [
    `    - type: ${score === 'macroF1' ? 'f1' : 'accuracy'}`,
    `      value: ${yaml(Number(value.toFixed(6)))}`,
    `      name: ${yaml(SCORE_TITLES[score])}`,
  ]);
  return [
    ...(license === undefined ? [] : [`license: ${yaml(license)}`]),
    'pipeline_tag: image-classification',
    'tags:',
    '- image-classification',
    '- long-tailed-recognition',
    '- class-imbalance',
    'datasets:',
    `- ${yaml(id)}`,
    'metrics:',
    '- accuracy',
    '- f1',
    'model-index:',
    `- name: ${yaml(name)}`,
    '  results:',
    '  - task:',
    '      type: image-classification',
    '      name: Image Classification',
    '    dataset:',
    `      type: ${yaml(id)}`,
    `      name: ${yaml(dataset.name)}`,
    '      split: test',
    '    metrics:',
    ...metrics,
  ];
}

function byGroup({ dataset }: Results, { scores }: Row): string {
  const lines = GROUPS.map((group) => {
    const labels = dataset.groups[group];
    const pictures = labels.reduce((sum, label) => sum + dataset.trainCounts[label]!, 0);
    return [`${group}-shot`, String(labels.length), String(pictures), percent(scores[group])];
  });
  const all = ['all', String(dataset.classNames.length), String(trainSizeOf(dataset)), percent(scores.all)];
  return markdownTable(['classes', 'number', 'training pictures', 'accuracy, %'], [...lines, all], {
    left: 1,
  });
}

function body(results: Results, row: Row): string[] {
  const { name, dataset, command } = results;
  const [title, sampler, set] = [name, row.sampler, dataset.name].map(escapeMarkdown) as [
    string,
    string,
    string,
  ];
  const chosen = chosenText(row.chosen);
  const classifier = escapeMarkdown(`${classifierName(row.classifier)}${chosen && ` (${chosen})`}`);
  const said = [
    ...conditions(results),
    ...(results.protocol?.shortened ?? []).map((cut) => `cut short: ${cut}`),
  ];
  const sizes = `${counted(dataset.classNames.length, 'class', 'classes')}, ${counted(trainSizeOf(dataset), 'training picture', 'training pictures')}, ${counted(dataset.testSize, 'test picture', 'test pictures')}`;
  return [
    `# ${title}`,
    `An image classifier for long-tailed data: ${classifier} on a ${sampler} representation, trained on ${set} (${sizes}).`,
    '## Accuracy by training pictures a class',
    byGroup(results, row),
    ...(said.length > 0
      ? ['## Conditions of these numbers', said.map((one) => `- ${escapeMarkdown(one)}`).join('\n')]
      : []),
    ...(command ? ['## How it was made', `    ${command.replaceAll(/\s+/g, ' ')}`] : []),
    '## Limits',
    'The scores are of one training and of the test pictures named above; classes of few training pictures are the least certain.',
  ];
}

/**
 * @param options.sampler of the representation, as in the results
 * @param options.classifier on it
 * @param options.license an identifier of the Hub, such as `mit`; default: the card says none
 * @returns the content of a README.md of the Hub; text of the results comes out escaped
 * @throws InputError where there is no such row; DataError for what is not of the form of results
 * @example
 * await writeFile('README.md', modelCard(results, { sampler: 'instance-balanced', classifier: 'crt' }));
 */
export function modelCard(
  results: Results,
  options: { readonly sampler: string; readonly classifier: string; readonly license?: string },
): string {
  const checked = parseResults(results);
  const { sampler, classifier, license } = checkOptions(options, { of: 'modelCard' });
  checkStrings({ sampler, classifier, ...(license !== undefined && { license }) });
  const row = checked.rows.find((one) => one.sampler === sampler && one.classifier === classifier);
  if (!row)
    throw new InputError(
      `expected the sampler and classifier of a row, such as ${checked.rows[0]!.sampler} and ${checked.rows[0]!.classifier}, but got ${sampler} and ${classifier}; name one of the results.`,
      { sampler, classifier },
    );
  return `---\n${metadata(checked, row, license).join('\n')}\n---\n\n${body(checked, row).join('\n\n')}\n`;
}

/**
 * @returns a card for each row, with a name of a file for it, no two alike: `instance-balanced-crt.md`
 * @throws DataError for what is not of the form of results
 */
export function modelCards(results: Results): { readonly name: string; readonly text: string }[] {
  const { rows } = parseResults(results);
  const names = fileNames(rows.map(({ sampler, classifier }) => `${sampler}-${classifier}`));
  return rows.map((row, i) => ({ name: `${names[i]}.md`, text: modelCard(results, row) }));
}
