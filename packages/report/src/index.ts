export type { ClassSizes } from './classes.ts';
export { type Figure, figures } from './figures.ts';
export { reportHtml } from './page.ts';
export { comparisonHtml } from './pooled-page.ts';
export { classCountsSvg } from './svg-file.ts';
