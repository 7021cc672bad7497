/** The page of all runs: an empty one, which asks for the runs every two seconds and draws them. */
import { html, raw, STYLE } from '@longtail/report/page-parts';
import { client } from './client.ts';

const OWN_STYLE = `
.run { border-top: 1px solid var(--line); padding: 1rem 0; } .run h2 { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; }
.run progress { width: 100%; accent-color: var(--ink); } .run .facts { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .25rem 0; }
.run svg { width: 100%; height: 7rem; margin: .5rem 0; } .run polyline { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
.run details { margin: .5rem 0; }
`;

export const servePage = (): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Runs</title><style>${raw(STYLE + OWN_STYLE)}</style></head><body>
<main><h1>Runs</h1><p id="status" class="muted" role="status">asking …</p><div id="runs"></div></main>
<script>${raw(`(${client})();`)}</script></body></html>
`.markup;
