/** The picture of golden/*.py, which any language can make. */
export function pattern(height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => (Math.imul(i, 2654435761) >>> 16) & 255);
}
