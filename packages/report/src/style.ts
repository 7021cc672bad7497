/** The page's own CSS: one column of text, panels in a grid, light and dark, phone, screen and paper. */
import { WIDTHS } from './chart.ts';
import { COLORS } from './colors.ts';

const TEXT = `
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.25rem 5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { margin: 3rem 0 .75rem; font-size: 1.3rem; line-height: 1.3; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p, .findings, figcaption { max-width: 44rem; } p { margin: .5rem 0; } p.lead { font-size: 1.1rem; } .muted { color: var(--muted); } p.muted, caption.muted { font-size: .9rem; }
a { color: inherit; text-underline-offset: .15em; white-space: nowrap; } .findings { list-style: none; padding: 0; margin: 0; } .findings li { padding: .8rem 0; border-top: 1px solid var(--line); }
.verdict { display: inline-block; font-size: .8rem; padding: .05rem .55rem; border-radius: 1rem; border: 1px solid currentColor; margin-right: .25rem; }
code { font-size: .9em; overflow-wrap: anywhere; } dl { display: grid; grid-template-columns: min(12rem, 38%) 1fr; gap: .2rem 1.25rem; margin: .5rem 0; font-size: .9rem; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
`;

const TABLES = `
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } caption { text-align: left; padding-bottom: .4rem; }
th, td { padding: .3rem 0 .3rem .9rem; text-align: left; font-weight: normal; vertical-align: baseline; } th:first-child { padding-left: 0; } td.n, th.n { text-align: right; }
th, td { overflow-wrap: break-word; } table.scores tbody th { overflow-wrap: anywhere; min-width: 4.5rem; } .class-table tbody th { overflow-wrap: anywhere; min-width: 6rem; }
thead th { color: var(--muted); border-bottom: 1px solid var(--line); vertical-align: bottom; } th[scope=rowgroup] { padding-top: 1rem; font-weight: 600; } td.best { font-weight: 700; }
.interval { display: block; font-size: .75rem; line-height: 1.3; color: var(--muted); font-weight: normal; }
.scroll { overflow-x: auto; } .class-table .scroll { max-height: 26rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: 0 .75rem; } .scroll:focus-visible { outline: 2px solid var(--ink); }
.class-table table { width: 100%; font-size: .9rem; } .class-table caption { padding-top: .5rem; } .class-table thead th { position: sticky; top: 0; background: var(--paper); } .class-table tbody tr:hover { background: var(--raised); }
.class-table { margin-top: 1.5rem; max-width: 46rem; } .tools { font-size: .9rem; } .tools input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--muted); border-radius: 4px; padding: .2rem .5rem; max-width: 100%; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: .3rem 0; cursor: pointer; text-decoration: underline dotted; text-underline-offset: .25em; } th[aria-sort] button { color: var(--ink); text-decoration: none; }
th[aria-sort=ascending] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
`;

/** `.fit` shows the drawing for the room that it has; `chart.ts` has the widths. */
const FIGURES = `
figure { margin: 0 0 2rem; } figcaption { margin-bottom: .5rem; } figcaption p { margin: .2rem 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.25rem 2rem; align-items: start; } .panels > figure { align-self: end; } .panel, .panels > * { min-width: 0; }
@media (min-width: 30rem) { td .interval { white-space: nowrap; } }
@media (min-width: 62rem) { .panels { grid-template-columns: 1fr 1fr; } }
.panel-title { font-size: .9rem; color: var(--muted); margin: 0 0 .25rem; } .fit { container-type: inline-size; } svg { display: block; overflow: visible; } svg.wide { display: none; }
@container (min-width: ${WIDTHS.wide}px) { svg.wide { display: block; } svg.narrow { display: none; } }
.legend li { overflow-wrap: anywhere; } .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0; font-size: .9rem; }
.confusion { width: 100%; font-size: .9rem; } .confusion caption { color: var(--muted); }
.pairs { list-style: none; padding: 0; margin: 0; font-size: .9rem; line-height: 1.35; } .pairs li { display: flex; flex-wrap: nowrap; align-items: center; gap: .5rem; padding: .3rem 0; } .pairs span { min-width: 0; } .pairs .muted { white-space: nowrap; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: 1rem; } .pictures figure { margin: 0; } .pictures figcaption { font-size: .9rem; color: var(--muted); margin: 0; }
img { width: 2.5rem; height: 2.5rem; image-rendering: pixelated; border-radius: 3px; margin-right: 3px; flex: none; }
`;

const PAPER = `
.paper-only { display: none; }
@media (max-width: 22.9rem) { .fit { overflow: auto hidden; } }
@media (max-width: 30rem) { body { padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.5rem; } th, td { padding-left: .6rem; } table.scores { width: 100%; } .class-table .scroll { padding: 0 .5rem; } .class-table table { font-size: .8rem; } .class-table th, .class-table td { padding-left: .4rem; } }
@media print { :root { --paper: #fff; } @page { margin: 12mm; } .panels { column-gap: 1.5rem; } body { max-width: none; padding: 0; font-size: 10.5pt; } h2, h3 { break-after: avoid; } h2 { margin-top: 1.5rem; }
  section > p:not(:last-child) { break-after: avoid; } figure, figure .panel, .findings li, .pairs li, tr, tbody, table.scores { break-inside: avoid; } .class-table tbody { break-inside: auto; } .class-table .scroll { max-height: none; overflow: visible; border: 0; padding: 0; } .class-table thead th { position: static; }
  .tools, .class-table.long, span.data { display: none; } .paper-only { display: block; } th button { display: contents; } th button::after { content: none !important; } }
`;

export const STYLE: string = `${COLORS}${TEXT}${TABLES}${FIGURES}${PAPER}`;
