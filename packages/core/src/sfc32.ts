/** The generator itself: sfc32 (C. Doty-Humphrey, PractRand), 128 bits of state, started from 64. */
export interface Bits {
  /** The next 32 bits, an integer in [0, 2^32). */
  bits(): number;
  /** The next `count` of bits() at once, at a third of the cost of one at a time; default: as many as fit. */
  fillBits(into: Uint32Array, count?: number): void;
}

/** @param a, b 32 bits each */
export function sfc32(a: number, b: number): Bits {
  let c = 0;
  let counter = 1;

  function bits(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  function fillBits(into: Uint32Array, count: number = into.length): void {
    let [a1, b1, c1, counter1] = [a, b, c, counter]; // locals stay in registers, what a closure holds does not
    for (let i = 0; i < count; i++) {
      const sum = (a1 + b1 + counter1) | 0;
      counter1 = (counter1 + 1) | 0;
      a1 = b1 ^ (b1 >>> 9);
      b1 = (c1 + (c1 << 3)) | 0;
      c1 = (((c1 << 21) | (c1 >>> 11)) + sum) | 0;
      into[i] = sum;
    }
    [a, b, c, counter] = [a1, b1, c1, counter1];
  }

  for (let i = 0; i < 16; i++) bits();
  return { bits, fillBits };
}
