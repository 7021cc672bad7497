/** Which features of a network: the last, or what goes into its last stage or block. */
export const LAYERS = ['last', 'penultimate'] as const;
export type Layer = (typeof LAYERS)[number];
