import '@tensorflow/tfjs';
import { cifarResNet } from '@longtail/backbones'; // in the place of yours
import { describeBackbone } from '@longtail/backbones/testing';

// In a file of vitest.
describeBackbone('mine', ({ seed }) => cifarResNet({ depth: 8, width: 4, seed }), { shape: [12, 12, 3] });
