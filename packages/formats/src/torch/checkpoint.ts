/** A checkpoint before it is listed: its objects, and where the storages lie that its tensors are views of. */
import type { Storage, Value } from '../pickle/values.ts';
import type { Source } from '../source.ts';

export interface Place {
  readonly source: Source;
  /** In bytes of the source. */
  readonly start: number;
  readonly end: number;
}

export interface Checkpoint {
  readonly root: Value;
  /** What the pickle was read from: bytes of NumPy's arrays lie there. */
  readonly pickle: Source;
  readonly bigEndian: boolean;
  /** @throws DataError when the file has no such storage */
  place(storage: Storage): Promise<Place>;
}
