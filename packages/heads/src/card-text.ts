/** The sections of a model card, in Markdown. */
import { asCounts, extent } from '@longtail/core';
import type { TargetPrior } from './adjust-prior.ts';
import type { Classifier } from './classifier.ts';
import { formOf, type Head } from './head.ts';
import { inputWidth, type TransformStep } from './transform.ts';

/** So many classes are listed; more are summed up. */
const MOST_LISTED = 30;

/** A text within one line of Markdown, in which nothing of it is markup. */
export const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');

export const code = (text: string, language: string): string => {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};

export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function priorText(prior: TargetPrior): string {
  if (prior === 'train') return 'Scores are as the head was fitted; no prior was moved.';
  if (prior === 'uniform') return 'Scores were moved to a prior of equally likely classes.';
  return `Scores were moved to a prior of one’s own: ${Array.from(prior).slice(0, MOST_LISTED).join(', ')}${prior.length > MOST_LISTED ? ', ...' : ''}.`;
}

function calibrationText({ temperature, scaling }: Classifier): string {
  if (scaling) return `They are calibrated by a temperature of ${temperature} and a vector scaling.`;
  if (temperature !== 1) return `They are calibrated by a temperature of ${temperature}.`;
  return 'No temperature was fitted to them: it is 1.';
}

const stepText = (step: TransformStep): string => {
  if (step.kind === 'project') return `project to ${step.shape[1]}`;
  return step.kind === 'tukey' ? `tukey ${step.power}` : step.kind;
};

export function classesText({ classNames, counts }: Classifier): string {
  const n = asCounts(counts);
  const [least, most] = extent(n);
  const total = n.reduce((sum, one) => sum + one, 0);
  const absent = n.filter((one) => one === 0).length;
  const order = [...n.keys()].sort((a, b) => n[b]! - n[a]!).slice(0, MOST_LISTED);
  const more = n.length - order.length;
  return [
    `${n.length} classes of ${total} training rows, from ${most} down to ${least}${absent > 0 ? `; ${absent} have none` : ''}.`,
    '',
    table(['class', 'training rows'], order.map((c) => [plain(classNames[c]!), n[c]!])), // biome-ignore format: one line
    ...(more > 0 ? ['', `And ${more} classes of fewer rows.`] : []),
  ].join('\n');
}

export function useText({ file }: { file: string }): string {
  const lines = [
    "import '@tensorflow/tfjs';",
    "import { readFile } from 'node:fs/promises';",
    "import { decodeClassifier } from '@longtail/heads';",
    '',
    `const made = decodeClassifier(await readFile(${JSON.stringify(file)}));`,
    'const probabilities = made.probabilities(features); // [N, D] to [N, C]',
  ];
  return code(lines.join('\n'), 'ts');
}

export function inputText({ head, transform }: Classifier): string {
  const width = inputWidth(transform, { outputDim: head.featureDim });
  const steps = transform.map(stepText).join(', then ');
  const seen = steps === '' ? 'as they are' : `by these steps: ${steps}`;
  return `A head of the kind \`${kindOf(head)}\` for features of ${width} numbers, which are seen ${seen}.`;
}

export const kindOf = (head: Head): string => formOf(head)?.kind ?? head.name;

export const probabilitiesText = (made: Classifier): string =>
  `${priorText(made.prior)} ${calibrationText(made)}`;
