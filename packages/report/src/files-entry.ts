/** What is written of results for other programs: tables, model cards, event files. Loads no chart. */
export { resultsCsv } from './csv.ts';
export { resultsLatex } from './latex.ts';
export { resultsMarkdown } from './markdown.ts';
export { modelCard, modelCards } from './model-card.ts';
export { type PooledLine, pooledCsv, pooledLines, pooledMarkdown } from './pooled-tables.ts';
export { type EventFile, tensorBoardFiles } from './tensorboard/event-files.ts';
