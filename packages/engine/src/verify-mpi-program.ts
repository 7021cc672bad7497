/** usage: mpirun -n 2 node verify-mpi-program.ts */
import { openCollective } from '@longtail/collective';
import { EngineError } from '@longtail/core';

const group = await openCollective();
const sum = Float64Array.of(group.rank + 1);
group.reduceArrays([sum]);
if (group.size !== 2 || sum[0] !== 3)
  throw new EngineError(`${group.size} processes summed ${sum[0]} instead of 2 that sum 3.`);
group.close();
