/** How messages show what a caller handed over. */

/** A value as a message shows it: what would be long by its kind alone. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Promise) return 'a promise; await it';
  if (isTensor(value)) return `a tensor ${value.dtype} [${value.shape}]`;
  return isTyped(value)
    ? `${/^I/.test(nameOf(value)) ? 'an' : 'a'} ${nameOf(value)} of ${value.length}`
    : 'an object';
}

const nameOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

export function isTyped(value: unknown): value is ArrayLike<unknown> & object {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Of TensorFlow.js, of which this package knows nothing else. */
export function isTensor(value: object): value is { dtype: string; shape: number[] } {
  const { dtype, shape, dataSync } = value as Record<string, unknown>;
  return typeof dtype === 'string' && Array.isArray(shape) && typeof dataSync === 'function';
}
