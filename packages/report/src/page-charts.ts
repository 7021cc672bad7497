/** The charts of pages of one's own, in the report's look. Loads vega. */
export { colorScale, type Drawing, legend, panel, type Series } from './chart.ts';
export { tauCurves } from './charts/tau-curves.ts';
export { weightNorms } from './charts/weight-norms.ts';
export { samplerLook } from './colors.ts';
export { captionOf, figure, panels } from './figure.ts';
export { figuresOfPage } from './figures.ts';
