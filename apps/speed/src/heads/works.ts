/** The heads that are timed, by the names that own-head.ts and heads.py know, and the features they are fitted on. */
import { publishedCounts } from '../published-counts.ts';

export interface HeadWork {
  /** Of the work, in own-head.ts and heads.py. */
  readonly work: 'crt' | 'lws' | 'tau' | 'ncm' | 'knn' | 'lda' | 'logistic';
  readonly title: string;
  readonly features: 'imagenet-lt' | 'hundred';
  readonly rivals: readonly ('torch' | 'scikit-learn')[];
}

export const HEAD_WORKS: readonly HeadWork[] = [
  {
    work: 'crt',
    title: 'cRT, one of its 10 epochs, batch 512',
    features: 'imagenet-lt',
    rivals: ['torch'],
  },
  { work: 'lws', title: 'LWS, 5 epochs, batch 512', features: 'imagenet-lt', rivals: ['torch'] },
  { work: 'tau', title: 'tau, 21 tried on the test rows', features: 'imagenet-lt', rivals: ['torch'] },
  {
    work: 'ncm',
    title: 'NCM, fitted, and the test rows',
    features: 'imagenet-lt',
    rivals: ['torch', 'scikit-learn'],
  },
  {
    work: 'knn',
    title: 'kNN, k 20, a twelfth of the test rows',
    features: 'imagenet-lt',
    rivals: ['torch', 'scikit-learn'],
  },
  { work: 'lda', title: 'LDA, fitted', features: 'imagenet-lt', rivals: ['torch', 'scikit-learn'] },
  {
    work: 'logistic',
    title: 'logistic regression, to convergence',
    features: 'hundred',
    rivals: ['scikit-learn'],
  },
];

export interface FeatureSize {
  /** Of training rows. */
  readonly counts: readonly number[];
  readonly dim: number;
  readonly testRows: number;
}

const scaled = (counts: readonly number[], by: number): number[] =>
  counts.map((n) => Math.max(2, Math.round(n * by)));

export type Size = 'full' | 'small';

/** 'full': ImageNet-LT's, of ResNet-50. 'small': an eighth of the rows, for a busy machine. */
export function sizeOf(features: HeadWork['features'], size: Size): FeatureSize {
  const counts = publishedCounts('ImageNet-LT');
  const share = size === 'full' ? 1 : 1 / 8;
  if (features === 'imagenet-lt')
    return { counts: scaled(counts, share), dim: 2048, testRows: 50_000 * share };
  const tenth = counts.filter((_, c) => c % 10 === 0);
  const sum = tenth.reduce((a, b) => a + b);
  return { counts: scaled(tenth, (20_000 * share) / sum), dim: 512, testRows: 1000 };
}
