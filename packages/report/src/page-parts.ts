/** What pages of one's own in the report's look are made of. */
export { type Content, html, type Markup, raw } from './markup.ts';
export { STYLE } from './style.ts';
