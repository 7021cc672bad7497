import { LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import { figures } from '../src/figures.ts';
import {
  modelCard,
  modelCards,
  pooledCsv,
  pooledLines,
  pooledMarkdown,
  resultsCsv,
  resultsLatex,
  resultsMarkdown,
  tensorBoardFiles,
} from '../src/files-entry.ts';
import { parseResults } from '../src/parse-results.ts';
import { pngOf } from '../src/png.ts';
import { pooled } from '../src/pooled.ts';
import { comparisonHtml } from '../src/pooled-page.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const { name, dataset, rows, history } = madeUpResults([
  madeUpRow('instance-balanced', 'joint', [0.9, 0.5, 0.1]),
]);
const results = { name, dataset, rows, history };
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>';

testArguments(
  {
    parseResults: [parseResults, results, { path: 'results.json' }],
    resultsCsv: [resultsCsv, results],
    resultsMarkdown: [resultsMarkdown, results],
    resultsLatex: [resultsLatex, results],
    modelCard: [
      modelCard,
      modelCards,
      results,
      { sampler: 'instance-balanced', classifier: 'joint', license: 'mit' },
    ],
    modelCards: [modelCards, results],
    tensorBoardFiles: [tensorBoardFiles, results],
    figures: [figures, { name, dataset, rows }],
    pooled: [pooled, [results]],
    pooledLines: [pooledLines, [results]],
    pooledCsv: [pooledCsv, [results]],
    pooledMarkdown: [pooledMarkdown, [results]],
    comparisonHtml: [comparisonHtml, [{ name, dataset, rows }]],
    pngOf: [pngOf, svg, { scale: 1 }],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
