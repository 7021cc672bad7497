/** Hugging Face's names of a ResNet (transformers' ResNetModel) as torchvision's. */

const NORM = { convolution: '0', normalization: '1' } as const;
type Part = keyof typeof NORM;

const RULES: readonly [pattern: RegExp, name: (groups: string[]) => string][] = [
  [
    /^embedder\.embedder\.(convolution|normalization)\.(\w+)$/,
    ([part, key]) => `${part === 'convolution' ? 'conv1' : 'bn1'}.${key}`,
  ],
  [
    /^encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.(convolution|normalization)\.(\w+)$/,
    ([stage, block, part, key]) =>
      `layer${Number(stage) + 1}.${block}.downsample.${NORM[part as Part]}.${key}`,
  ],
  [
    /^encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.(convolution|normalization)\.(\w+)$/,
    ([stage, block, i, part, key]) =>
      `layer${Number(stage) + 1}.${block}.${part === 'convolution' ? 'conv' : 'bn'}${Number(i) + 1}.${key}`,
  ],
];

/** @returns undefined for a name that is none of a ResNet's there */
export function huggingFaceName(name: string): string | undefined {
  for (const [pattern, own] of RULES) {
    const match = pattern.exec(name);
    if (match) return own(match.slice(1));
  }
  return undefined;
}
