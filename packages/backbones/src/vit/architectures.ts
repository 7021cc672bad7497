/**
 * The vision transformers (Dosovitskiy et al., 2021) that embeddings are taken with, as a table. timm's and torchvision's ViT,
 * the pictures' tower of CLIP (Radford et al., 2021), DINO (Caron et al., 2021) and DINOv2 (Oquab et al., 2024; with registers:
 * Darcet et al., 2024) are one graph that differs in these columns.
 */

export interface VitArchitecture {
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** D, the values a token. */
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Hidden units of a block's two layers, in widths. */
  readonly mlpRatio: number;
  /** GELU exactly, or as x sigmoid(1.702 x). */
  readonly activation: 'erf' | 'sigmoid';
  /** Of every layer normalisation. */
  readonly epsilon: number;
  /** A layer normalisation before the first block. */
  readonly preNorm: boolean;
  readonly patchBias: boolean;
  readonly qkvBias: boolean;
  /** What a branch's result is multiplied with at the start, a value a channel; none where it is undefined. */
  readonly layerScale: number | undefined;
  /** Tokens beside the class token that belong to no patch; the positions are then the patches' alone, as timm has it. */
  readonly registers: number;
  /** Length of the feature behind a linear layer without bias, into the space shared with texts. */
  readonly projection: number | undefined;
}

const SMALL = { width: 384, depth: 12, heads: 6, mlpRatio: 4 };
const BASE = { width: 768, depth: 12, heads: 12, mlpRatio: 4 };
const LARGE = { width: 1024, depth: 24, heads: 16, mlpRatio: 4 };

const VIT = {
  activation: 'erf',
  epsilon: 1e-6,
  preNorm: false,
  patchBias: true,
  qkvBias: true,
  layerScale: undefined,
  registers: 0,
  projection: undefined,
} as const;
const CLIP = { ...VIT, activation: 'sigmoid', epsilon: 1e-5, preNorm: true, patchBias: false } as const;
const DINOV2 = { ...VIT, patch: 14, layerScale: 1e-5 } as const;

export type VitName =
  | `${'' | 'dino-'}vit-${'s' | 'b'}/${8 | 16}`
  | `vit-${'b/32' | 'l/14' | 'l/16' | 'l/32'}`
  | `clip-vit-${'b/16' | 'b/32' | 'l/14'}`
  | `dinov2-vit-${'s' | 'b' | 'l'}/14${'' | '-registers'}`;

export const VIT_ARCHITECTURES: Readonly<Record<VitName, VitArchitecture>> = {
  'vit-s/8': { ...VIT, ...SMALL, patch: 8 },
  'vit-s/16': { ...VIT, ...SMALL, patch: 16 },
  'vit-b/8': { ...VIT, ...BASE, patch: 8 },
  'vit-b/16': { ...VIT, ...BASE, patch: 16 },
  'vit-b/32': { ...VIT, ...BASE, patch: 32 },
  'vit-l/14': { ...VIT, ...LARGE, patch: 14 },
  'vit-l/16': { ...VIT, ...LARGE, patch: 16 },
  'vit-l/32': { ...VIT, ...LARGE, patch: 32 },
  'clip-vit-b/16': { ...CLIP, ...BASE, patch: 16, projection: 512 },
  'clip-vit-b/32': { ...CLIP, ...BASE, patch: 32, projection: 512 },
  'clip-vit-l/14': { ...CLIP, ...LARGE, patch: 14, projection: 768 },
  'dino-vit-s/8': { ...VIT, ...SMALL, patch: 8 },
  'dino-vit-s/16': { ...VIT, ...SMALL, patch: 16 },
  'dino-vit-b/8': { ...VIT, ...BASE, patch: 8 },
  'dino-vit-b/16': { ...VIT, ...BASE, patch: 16 },
  'dinov2-vit-s/14': { ...DINOV2, ...SMALL },
  'dinov2-vit-b/14': { ...DINOV2, ...BASE },
  'dinov2-vit-l/14': { ...DINOV2, ...LARGE },
  'dinov2-vit-s/14-registers': { ...DINOV2, ...SMALL, registers: 4 },
  'dinov2-vit-b/14-registers': { ...DINOV2, ...BASE, registers: 4 },
  'dinov2-vit-l/14-registers': { ...DINOV2, ...LARGE, registers: 4 },
};
