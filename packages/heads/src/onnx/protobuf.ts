/** Protocol Buffers' wire format, as much of it as an ONNX file takes: fields of bytes, texts and whole numbers. */

export type Bytes = Uint8Array<ArrayBuffer>;

const joined = (parts: readonly Uint8Array[]): Bytes => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** A whole number >= 0, seven bits a byte, the lowest first. */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
  return Uint8Array.from(bytes);
}

const tag = (field: number, wire: 0 | 2): Bytes => varint(field * 8 + wire);

export const message = (...fields: readonly Bytes[]): Bytes => joined(fields);

export const bytesField = (field: number, value: Uint8Array): Bytes =>
  joined([tag(field, 2), varint(value.length), value]);

export const text = (field: number, value: string): Bytes =>
  bytesField(field, new TextEncoder().encode(value));

/** @param value >= 0: nothing here is less */
export const whole = (field: number, value: number): Bytes => joined([tag(field, 0), varint(value)]);
