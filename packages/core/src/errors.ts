/**
 * Every error that Longtail throws on purpose. `message` is one sentence or two: what was expected, what was
 * found and where, what to do. `details` holds the same facts for a program.
 *
 * @example
 * throw new InputError(`labels must be integers >= 0, but labels[3] is ${value}.`, { index: 3, value });
 */
export class LongtailError extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
  }
}

/** A value handed to a function breaks its contract. */
export class InputError extends LongtailError {}

/** A file or folder is missing, cut short, or does not hold what it should. */
export class DataError extends LongtailError {}

/** The command line was used wrongly: an unknown name, key or value. */
export class UsageError extends LongtailError {}

/** A native engine cannot be found, installed, loaded, or refused an operation. */
export class EngineError extends LongtailError {}

/** The engine is there, but no GPU answers. */
export class NoGpuError extends EngineError {}
