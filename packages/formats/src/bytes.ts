/** Little helps with bytes that Node's Buffer has and browsers lack. */

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A character a byte, of some thousands at most. (The web's decoder of this name is another one: Windows-1252.) */
export const latin1 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** @throws TypeError unless the bytes are UTF-8 */
export const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** u64, little-endian; beyond 2^53 rounded, which is more than any file has. */
export const uint64 = (bytes: Uint8Array, at = 0): number => Number(viewOf(bytes).getBigUint64(at, true));

/** The other way round; undefined when a character takes more than a byte. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return undefined;
    bytes[i] = code;
  }
  return bytes;
}
