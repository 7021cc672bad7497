export { cosine, type Schedule, steps, warmUp } from './schedules.ts';
export { type Sgd, type SgdOptions, sgd } from './sgd.ts';
