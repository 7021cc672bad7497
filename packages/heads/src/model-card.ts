/**
 * A model card (Mitchell et al., FAT* 2019) of a saved classifier, Markdown below the metadata that the Hugging Face Hub reads
 * (huggingface.co/docs/hub/model-cards): what it takes, what its probabilities refer to, its classes, its scores, how it came about.
 */
import {
  checkLists,
  checkNumbers,
  checkObjects,
  checkOptions,
  checkStrings,
  InputError,
} from '@longtail/core';
import {
  classesText,
  code,
  inputText,
  kindOf,
  plain,
  probabilitiesText,
  table,
  useText,
} from './card-text.ts';
import type { Classifier } from './classifier.ts';
import { frontMatter } from './front-matter.ts';
import { checkHead } from './head.ts';

export interface CardScore {
  /** The Hub's name of a metric, such as `accuracy`, `f1`. */
  readonly type: string;
  /** Default: its type. */
  readonly name?: string;
  readonly value: number;
}

export interface CardOptions {
  /** Of the model; the title. */
  readonly name: string;
  /** The Hub's name of a licence, such as `mit`. Default: none is said. */
  readonly license?: string | undefined;
  /** A paragraph or more of Markdown. */
  readonly description?: string;
  /** Beside `long-tail`, `longtail` and the kind of head. */
  readonly tags?: readonly string[];
  /** The Hub's name of a task. Default: `tabular-classification`, of features. */
  readonly task?: string;
  /** The rows that the scores are of, and their part: `test`. */
  readonly dataset?: { readonly name: string; readonly type?: string; readonly split?: string };
  /** Of `dataset`, which must then be named. */
  readonly scores?: readonly CardScore[];
  /** The file that `encodeClassifier` wrote. Default: `classifier.safetensors`. */
  readonly file?: string;
}

/** Of features, whatever they are of. */
const TASK = 'tabular-classification';

function checkCard(options: CardOptions): void {
  const {
    name,
    license,
    description = '',
    task = TASK,
    file = '',
    tags = [],
  } = checkOptions(options, { of: 'modelCard' });
  checkLists({ tags });
  checkStrings({ name, description, task, file, ...(license !== undefined && { license }) });
  tags.forEach((tag, i) => {
    checkStrings({ [`tags[${i}]`]: tag });
  });
  checkScores(options);
}

function checkScores({ scores = [], dataset }: CardOptions): void {
  checkLists({ scores });
  for (const score of scores) {
    checkObjects({ 'a score': score });
    const { type, name = type, value } = score;
    checkStrings({ 'the type of a score': type, 'the name of a score': name });
    checkNumbers({ [`the score ${type}`]: value });
  }
  if (scores.length > 0 && dataset === undefined)
    throw new InputError(
      'scores need the dataset that they are of, but none is named; give { dataset: { name } }.',
    );
  if (dataset === undefined) return;
  checkObjects({ dataset });
  const { name, type = name, split = 'test' } = dataset;
  checkStrings({
    'the name of the dataset': name,
    'the type of the dataset': type,
    'the split of the dataset': split,
  });
}

type Results = ReturnType<typeof resultsOf>;

/** What the Hub lists as evaluation results. */
function resultsOf({ task = TASK, dataset, scores = [] }: CardOptions) {
  if (!dataset || scores.length === 0) return undefined;
  const { name, type = name, split = 'test' } = dataset;
  return {
    task: { type: task },
    dataset: { type, name, split },
    metrics: scores.map((score) => ({
      type: score.type,
      name: score.name ?? score.type,
      value: score.value,
    })),
  };
}

function metadataOf(
  made: Classifier,
  results: Results,
  { name, license, task = TASK, tags = [] }: CardOptions,
): string {
  return frontMatter({
    library_name: 'longtail',
    license,
    pipeline_tag: task,
    tags: [...new Set(['longtail', 'long-tail', kindOf(made.head), ...tags])],
    metrics: results && [...new Set(results.metrics.map(({ type }) => type))],
    'model-index': results && [{ name, results: [results] }],
  });
}

function scoresText({ dataset, metrics }: NonNullable<Results>): string {
  const rows = metrics.map(({ name, value }) => [plain(name), value]);
  return `Of ${plain(dataset.name)}, ${plain(dataset.split)}.\n\n${table(['metric', 'value'], rows)}`;
}

/**
 * @param made whose head may be of any kind
 * @returns the text of a README.md
 * @throws InputError when a score is no number, or of no dataset
 * @example
 * const card = modelCard(made, {
 *   name: 'birds', license: 'mit', dataset: { name: 'my birds' }, scores: [{ type: 'accuracy', value: 0.81 }],
 * });
 */
export function modelCard(made: Classifier, options: CardOptions): string {
  checkObjects({ 'a classifier': made });
  checkHead(made.head);
  checkCard(options);
  const { name, description = '', file = 'classifier.safetensors' } = options;
  const results = resultsOf(options);
  const how = JSON.stringify(made.made, null, 2);
  const sections: readonly (readonly [title: string, text: string])[] = [
    ['Use', useText({ file })],
    ['Probabilities', probabilitiesText(made)],
    ['Classes', classesText(made)],
    ...(results ? [['Scores', scoresText(results)] as const] : []),
    ...(how === '{}' ? [] : [['How it was made', code(how, 'json')] as const]),
  ];
  const parts = [
    `${metadataOf(made, results, options)}\n# ${plain(name)}`,
    ...(description === '' ? [] : [description]),
    inputText(made),
    ...sections.map(([title, text]) => `## ${title}\n\n${text}`),
  ];
  return `${parts.join('\n\n')}\n`;
}
