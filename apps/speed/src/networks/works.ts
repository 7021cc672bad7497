/** The photo networks that are timed, by the names that own-network.ts and networks.py know. */

export interface NetworkWork {
  readonly network: 'cifar-resnet-32' | 'resnet-50' | 'resnext-50' | 'resnet-152' | 'vit-b/16';
  /** A step: features, a linear head, cross-entropy, its gradient, the optimizer. */
  readonly what: 'step' | 'inference';
  readonly batch: number;
}

export const NETWORK_WORKS: readonly NetworkWork[] = (
  [
    ['cifar-resnet-32', 128],
    ['resnet-50', 16],
    ['resnext-50', 16],
    ['resnet-152', 16],
    ['vit-b/16', 16],
  ] as const
).flatMap(([network, batch]) => [
  { network, what: 'step', batch },
  { network, what: 'inference', batch },
]);
