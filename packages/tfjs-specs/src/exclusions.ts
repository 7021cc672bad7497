/**
 * Specs that libtorch's backend does not pass, each with its reason. tfjs-node-gpu 4.22 does not run any of them either
 * (IGNORE_LIST in its run_tests).
 */
export const EXCLUSIONS: Readonly<Record<string, string>> = {
  'avgPool specs {} gradient x=[3,3,1] f=[3,3] s=1 p=explicit':
    'the spec divides by the whole window at the edge, where the forward pass divides by the places in it; here both do',
  'conv2dTranspose specs {} input=8x8x8,output=4x4x8,f=8,s=1,inDepth=8,p=same vec4':
    'a 4x4 picture has no 8x8 convolution with same padding: the shapes contradict one another',
  'pool specs {} max x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding':
    'windows that lie in the padding alone: the spec expects the values of places they do not see',
  'pool specs {} avg x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding':
    'windows that lie in the padding alone: the spec expects the values of places they do not see',
};
