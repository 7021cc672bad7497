/**
 * TensorBoard's messages in protocol buffers' wire format (tensorflow/core/util/event.proto, framework/summary.proto):
 *
 *   Event    double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5
 *   Summary  repeated Value value = 1, Value: string tag = 1; float simple_value = 2
 */

const [VARINT, FIXED_64, BYTES, FIXED_32] = [0, 1, 2, 5];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const key = (field: number, type: number): number[] => varint(field * 8 + type);

const bytes = (field: number, value: Uint8Array): number[] => [
  ...key(field, BYTES!),
  ...varint(value.length),
  ...value,
];
const text = (field: number, value: string): number[] => bytes(field, new TextEncoder().encode(value));
const double = (field: number, value: number): number[] => [
  ...key(field, FIXED_64!),
  ...new Uint8Array(Float64Array.of(value).buffer),
];
const float = (field: number, value: number): number[] => [
  ...key(field, FIXED_32!),
  ...new Uint8Array(Float32Array.of(value).buffer),
];

/** The first event of every file. */
export const versionEvent = (wallTime: number): Uint8Array =>
  Uint8Array.from([...double(1, wallTime), ...text(3, 'brain.Event:2')]);

export interface Scalars {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  /** By tag. */
  readonly values: Readonly<Record<string, number>>;
}

/** One event with all its scalars. */
export function scalarEvent({ wallTime, step, values }: Scalars): Uint8Array {
  const summary = Object.entries(values).flatMap(([tag, value]) =>
    bytes(1, Uint8Array.from([...text(1, tag), ...float(2, value)])),
  );
  return Uint8Array.from([
    ...double(1, wallTime),
    ...key(2, VARINT!),
    ...varint(step),
    ...bytes(5, Uint8Array.from(summary)),
  ]);
}
