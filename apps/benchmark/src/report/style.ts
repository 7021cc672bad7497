/** The page's own CSS: one column of text, charts in a grid, light and dark. */

/** By name, as charts use them. */
export const COLORS = `
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #1d1d1f; --muted: #6b6b70; --faint: #c9c7c2; --line: #e4e2dd;
  --accent: #b4441f; --many: #3a6ea5; --medium: #7d8f3c; --few: #b4441f;
  --c1: #3a6ea5; --c2: #b4441f; --c3: #7d8f3c; --c4: #8a5a9e; --c5: #b58a1b; --c6: #2f8f83; --c7: #a03a5c; --c8: #66707a; }
@media (prefers-color-scheme: dark) { :root { --paper: #17171a; --ink: #ececee; --muted: #9a9aa2; --faint: #4b4b52; --line: #2e2e34;
  --accent: #f08a5d; --many: #7fb0e6; --medium: #b5c96b; --few: #f08a5d;
  --c1: #7fb0e6; --c2: #f08a5d; --c3: #b5c96b; --c4: #c79bdb; --c5: #e3bd5a; --c6: #6cc9bd; --c7: #e08aa8; --c8: #a7b0b9; } }
`;

export const STYLE: string = `${COLORS}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.25rem 5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { margin: 3rem 0 .5rem; font-size: 1.25rem; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p, .findings { max-width: 44rem; } p.lead { font-size: 1.1rem; } .muted { color: var(--muted); }
.findings { list-style: none; padding: 0; } .findings li { padding: .8rem 0; border-top: 1px solid var(--line); }
.verdict { display: inline-block; font-size: .8rem; padding: .05rem .55rem; border-radius: 1rem; border: 1px solid currentColor; margin-right: .5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; } td.n, th.n { text-align: right; } thead th { color: var(--muted); font-weight: normal; border-bottom: 1px solid var(--line); }
tbody th { padding-top: 1rem; font-weight: 600; } td.best { font-weight: 700; color: var(--accent); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem 2rem; }
figure { margin: 0; } figcaption { color: var(--muted); font-size: .9rem; } svg { width: 100%; height: auto; overflow: visible; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0; font-size: .9rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; }
.pictures img { width: 2.45rem; height: 2.45rem; image-rendering: pixelated; border-radius: 3px; margin-right: 3px; }
code { font-size: .9em; overflow-wrap: anywhere; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
`;
