/**
 * The page's colours, by what they mean, and each means one thing: groups are blues, from indigo to cyan; classifiers are
 * warm, the joint head grey; representation samplers are greens, told apart by shapes and dashes as well.
 */
import type { Group } from './results.ts';

/** As CSS variables, so that one drawing serves the light and the dark page. Each is 3 : 1 against the paper at least. */
export const COLORS = `
:root { color-scheme: light dark; --paper: #fdfcfa; --raised: #ffffff; --ink: #1d1d1f; --muted: #63636a; --faint: #c9c7c2; --line: #e4e2dd;
  --many: #1e40af; --medium: #3b86e6; --few: #0c96ab;
  --k1: #6b6b70; --k2: #a16207; --k3: #c2410c; --k4: #a21caf; --k5: #6d28d9; --k6: #be123c; --k7: #78350f; --k8: #db2777;
  --c1: #0f5132; --c2: #2b9663; --c3: #75891b; --c4: #5c7a5c; --c5: #4d7c0f; --c6: #15803d; --c7: #6f8a4a; --c8: #3b5249; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #17171a; --raised: #1f1f23; --ink: #ececee; --muted: #a2a2ab; --faint: #4b4b52; --line: #2e2e34;
  --many: #a5b0ff; --medium: #3b9df0; --few: #67e0ee;
  --k1: #a7a7b0; --k2: #e3b341; --k3: #ff8a5c; --k4: #e58bf0; --k5: #b49bff; --k6: #ff7b93; --k7: #d2a679; --k8: #f59ac4;
  --c1: #b7f0d0; --c2: #5ccf98; --c3: #c5d64a; --c4: #8fae7a; --c5: #9bd45a; --c6: #86efac; --c7: #b3c98b; --c8: #a9c4b8; } }
`;

export const INK = 'var(--ink)';
export const MUTED = 'var(--muted)';
export const GROUP_COLORS: Readonly<Record<Group, string>> = {
  many: 'var(--many)',
  medium: 'var(--medium)',
  few: 'var(--few)',
};
/** Of a group, or of all classes together. */
export const COLUMN_COLORS: Readonly<Record<Group | 'all', string>> = { ...GROUP_COLORS, all: INK };

const KNOWN = ['joint', 'ncm', 'crt', 'tau', 'lws'];
const OTHERS = 3;

/** The paper's classifiers have colours of their own; others share three, in the order of `names`. */
export function classifierColor(names: readonly string[], name: string): string {
  const known = KNOWN.indexOf(name);
  if (known >= 0) return `var(--k${known + 1})`;
  const others = names.filter((other) => !KNOWN.includes(other));
  return `var(--k${KNOWN.length + 1 + (others.indexOf(name) % OTHERS)})`;
}

/** What tells a sampler apart, in the order of `names`, also without colours. */
export interface SamplerLook {
  readonly color: string;
  readonly shape: string;
  readonly sign: string;
  readonly dash: readonly number[];
  /** The dash as a sign. */
  readonly line: string;
}

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross'];
const SIGNS = ['●', '■', '▲', '◆', '✚'];
const DASHES = [
  [1, 0],
  [8, 3],
  [2, 3],
  [9, 3, 2, 3],
  [4, 2],
];
const LINES = ['━', '╍', '┉', '━·', '┅'];

export function samplerLook(names: readonly string[], name: string): SamplerLook {
  const at = names.indexOf(name);
  const i = at % SHAPES.length;
  return {
    color: `var(--c${(at % 8) + 1})`,
    shape: SHAPES[i]!,
    sign: SIGNS[i]!,
    dash: DASHES[i]!,
    line: LINES[i]!,
  };
}

/** Where several runs are compared, a colour a recipe: those of classifiers, which have none there. */
export const poolColor = (names: readonly string[], name: string): string =>
  `var(--k${(names.indexOf(name) % 7) + 2})`;
