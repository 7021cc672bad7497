export type { AllReduceOptions, Collective, Pending } from './collective.ts';
export { type CollectiveOptions, openCollective } from './open-collective.ts';
export type { NumberArray, Operation } from './transport.ts';
