/** Whose memory a record's values lie in, and what stands beside them. */
import { computed, release } from './combination.ts';
import { call, optional } from './dispatch.ts';
import { dataAddress, type Handle, isContiguous, lieAlike } from './handle.ts';
import type { TensorRecord } from './record.ts';
import { cast, copyLike } from './shims.ts';
import { type TorchDtype, type Values, valuesAt } from './transfer.ts';

/** torch.contiguous_format */
const CONTIGUOUS = optional(0);

/** The record with a tensor behind it: what was deferred, computed; what autocast has narrowed, in float32 again. */
export function settled(record: TensorRecord): TensorRecord {
  const { deferred } = record;
  if (deferred) {
    record.handle = computed(deferred);
    forget(record);
  }
  if (record.isNarrow) replace(record, cast(record.handle!, 'float32'));
  record.isNarrow = false;
  return record;
}

/** Frees what stands beside the values. */
export function forget(record: TensorRecord): void {
  const { deferred, companion } = record;
  record.deferred = record.companion = undefined;
  if (deferred) release(deferred);
  for (const handle of companion?.handles ?? []) handle.free();
}

/** Puts a tensor of its own memory in the place of a record's. */
function replace(record: TensorRecord, handle: Handle): asserts record is TensorRecord & { handle: Handle } {
  record.handle!.free();
  record.handle = handle;
  record.isDense = true;
  record.storage.holders--;
  record.storage = { holders: 1 };
}

/** The tensor of a settled record for a change in place: moved to memory of its own first if anything else sees it. */
export function exclusive(record: TensorRecord, like?: Handle): Handle {
  record.host = undefined;
  forget(record);
  const own = record.handle!;
  const isOwn = record.isDense && record.storage.holders === 1;
  if (isOwn && (!like || lieAlike(own, like))) return own;
  const order = like ?? (record.isDense ? own : undefined);
  replace(record, order ? copyLike(own, order) : call('aten::clone', own, CONTIGUOUS));
  return record.handle!;
}

/** Where the values of a settled record lie, row by row: moved to memory of its own first, as for {@link exclusive}. */
export function placeOf(record: TensorRecord): Values | bigint | undefined {
  record.host = undefined;
  forget(record);
  if (record.storage.holders > 1 || !isContiguous(record.handle!)) {
    replace(record, call('aten::clone', record.handle!, CONTIGUOUS));
    record.isReordered = false;
  }
  return valuesAt(record.handle!, record.dtype as TorchDtype);
}

/** The tensor of a settled record in the order in memory that `order` gives it: moved once. */
export function reordered(record: TensorRecord, order: (handle: Handle) => Handle): Handle {
  const own = record.handle!;
  if (record.isReordered) return own;
  record.isReordered = true;
  const moved = order(own);
  if (dataAddress(moved) !== dataAddress(own)) replace(record, moved);
  else moved.free(); // it lies in that order already, perhaps in memory that others see
  return record.handle!;
}
