/** `--card`: the model card of what `--save` wrote, with the scores that its head had in the leaderboard. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeWhole } from '@longtail/formats/whole-file';
import { type CardScore, decodeClassifier, modelCard } from '@longtail/heads';
import type { Rebalanced } from './rebalance.ts';

/** As many digits as ten thousand rows tell. */
const rounded = (value: number): number => Number(value.toFixed(4));

function scoresOf({ board, saved }: Rebalanced): CardScore[] {
  const { scores, ece } = board.entries.find(({ name }) => name === saved)!;
  const { all, meanOfClasses, macroF1, many, medium, few } = scores;
  const accuracy = (name: string, value: number | null): CardScore[] =>
    value === null ? [] : [{ type: 'accuracy', name, value: rounded(value) }];
  return [
    ...accuracy('accuracy', all),
    ...accuracy('mean of the classes’ accuracies', meanOfClasses),
    ...accuracy('many-shot accuracy', many),
    ...accuracy('medium-shot accuracy', medium),
    ...accuracy('few-shot accuracy', few),
    { type: 'f1', name: 'macro F1', value: rounded(macroF1) },
    { type: 'ece', name: 'expected calibration error', value: rounded(ece) },
  ];
}

/**
 * @param file written whole or not at all
 * @param from.save what was saved; features: of what it was fitted
 */
export async function writeCard(
  file: string,
  found: Rebalanced,
  { save = '', features, test }: { save?: string; features: string; test?: string },
): Promise<void> {
  const made = decodeClassifier(await readFile(save), { source: save });
  try {
    const split = found.board.testedOn === 'test' ? 'test' : '5 folds of the training rows';
    const card = modelCard(made, {
      name: basename(save, '.safetensors'),
      dataset: { name: basename(test ?? features), split },
      scores: scoresOf(found),
      file: basename(save),
    });
    await writeWhole(file, new TextEncoder().encode(card));
  } finally {
    made.dispose();
  }
}
