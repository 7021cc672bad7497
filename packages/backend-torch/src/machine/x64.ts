/**
 * An assembler of x86-64: the few instructions of which loops over vectors are made (Intel 64 and IA-32 Architectures Software
 * Developer's Manual, volume 2: REX in 2.2.1, VEX in 2.3.5, EVEX in 2.7.1).
 */

/** General registers by their number in an instruction; vectors are numbers from 0 on. */
export const REGISTERS = {
  RAX: 0,
  RCX: 1,
  RDX: 2,
  RBX: 3,
  RBP: 5,
  RSI: 6,
  RDI: 7,
  R8: 8,
  R9: 9,
  R10: 10,
  R11: 11,
  R12: 12,
  R13: 13,
  R14: 14,
  R15: 15,
} as const;

/** What lies `offset` bytes behind the address in a register. */
export interface Place {
  readonly base: number;
  readonly offset: number;
  /** One float for all of a vector's (EVEX alone). */
  readonly isRepeated?: boolean;
}
type Operand = number | Place;

/** VEX: AVX2, 16 vectors of up to 32 bytes. EVEX: AVX-512 with VL, 32 vectors of up to 64 bytes. */
export type Encoding = 'vex' | 'evex';

/** Opcode map (1: 0F, 2: 0F38), implied prefix (1: 66) and opcode, the same in both encodings. */
const VECTOR = {
  load: [1, 0, 0x10], // vmovups
  store: [1, 0, 0x11],
  broadcast: [2, 1, 0x18], // vbroadcastss
  fma: [2, 1, 0xb8], // vfmadd231ps
  add: [1, 0, 0x58],
  sub: [1, 0, 0x5c], // source - operand
  max: [1, 0, 0x5f], // vmaxps
  xor: [1, 1, 0xef], // vpxor, vpxord
} as const;

const BELOW = 0x2;
const NOT_ZERO = 0x5;

export class Assembler {
  readonly #code: number[] = [];
  readonly #encoding: Encoding;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** Whether an operand may be repeated. */
  get repeats(): boolean {
    return this.#encoding === 'evex';
  }
  get code(): Uint8Array {
    return Uint8Array.from(this.#code);
  }

  #put(...bytes: number[]): void {
    for (const byte of bytes) this.#code.push(byte & 0xff);
  }
  #number(value: number): void {
    if (value !== (value | 0))
      throw new RangeError(`${value} does not fit in the 32 bits of an instruction.`);
    this.#put(value, value >> 8, value >> 16, value >> 24);
  }
  /** ModRM, and SIB where the base needs one; offsets always of 32 bits, which no encoding scales. */
  #operand(register: number, operand: Operand): void {
    const low = (register & 7) << 3;
    if (typeof operand === 'number') {
      this.#put(0xc0 | low | (operand & 7));
      return;
    }
    this.#put(0x80 | low | (operand.base & 7));
    if ((operand.base & 7) === 4) this.#put(0x24);
    this.#number(operand.offset);
  }
  /** An instruction on 64 bits. */
  #wide(opcode: readonly number[], register: number, operand: Operand): void {
    const base = typeof operand === 'number' ? operand : operand.base;
    this.#put(0x48 | ((register >> 3) << 2) | (base >> 3), ...opcode);
    this.#operand(register, operand);
  }

  push(register: number): void {
    this.#put(...(register > 7 ? [0x41] : []), 0x50 | (register & 7));
  }
  pop(register: number): void {
    this.#put(...(register > 7 ? [0x41] : []), 0x58 | (register & 7));
  }
  /** Back to the caller, whose own code may be SSE. */
  return(): void {
    this.#put(0xc5, 0xf8, 0x77, 0xc3); // vzeroupper; ret
  }
  set(register: number, value: number): void {
    this.#wide([0xc7], 0, register);
    this.#number(value);
  }
  move(to: number, from: number): void {
    this.#wide([0x89], from, to);
  }
  add(to: number, term: Operand): void {
    this.#wide([0x03], to, term);
  }
  addNumber(to: number, value: number): void {
    if (value === 0) return;
    this.#wide([0x81], 0, to);
    this.#number(value);
  }
  multiply(to: number, from: number, value: number): void {
    this.#wide([0x69], to, from);
    this.#number(value);
  }
  /** RAX, at least 0, by a register: the quotient in RAX, the rest in RDX. */
  divide(by: number): void {
    this.#put(0x31, 0xd2);
    this.#wide([0xf7], 6, by);
  }
  /** Adds 1 to a number in memory, before any other thread looks; the register gets what it was. */
  claim(register: number, counter: Place): void {
    this.set(register, 1);
    this.#put(0xf0);
    this.#wide([0x0f, 0xc1], register, counter);
  }

  /** `body` `times` times, at least once, counted down in a register. */
  repeat(counter: number, times: number, body: () => void): void {
    if (times < 1) throw new RangeError(`a loop of ${times} rounds would not end.`);
    this.set(counter, times);
    const start = this.#code.length;
    body();
    this.addNumber(counter, -1);
    this.#put(0x0f, 0x80 | NOT_ZERO);
    this.#number(start - this.#code.length - 4);
  }
  /** `body` where a register is below a number in memory. */
  ifBelow(register: number, limit: Place, body: () => void): void {
    this.#wide([0x3b], register, limit);
    this.#put(0x0f, 0x80 | BELOW);
    this.#number(5); // over the jump out of here
    this.#put(0xe9);
    const out = this.#code.length;
    this.#number(0);
    body();
    const far = this.#code.length - out - 4;
    for (let i = 0; i < 4; i++) this.#code[out + i] = (far >> (8 * i)) & 0xff;
  }
  /** `body` for as long as what `next` leaves in a register is below a number in memory. */
  whileBelow(register: number, limit: Place, next: () => void, body: () => void): void {
    const start = this.#code.length;
    next();
    this.ifBelow(register, limit, () => {
      body();
      this.#put(0xe9);
      this.#number(start - this.#code.length - 4);
    });
  }

  /** Of vectors of `bytes`: target = operation(source, operand), as the operation has it. */
  vector(
    operation: keyof typeof VECTOR,
    bytes: 16 | 32 | 64,
    target: number,
    operand: Operand,
    source = 0,
  ): void {
    const [map, prefix, opcode] = VECTOR[operation];
    const isRegister = typeof operand === 'number';
    const other = isRegister ? operand : operand.base;
    const not = (value: number, bit: number): number => (~value >> bit) & 1;
    const extension = (not(target, 3) << 7) | (not(other, 3) << 5);
    const operands = ((~source & 15) << 3) | prefix;
    if (this.#encoding === 'vex') {
      this.#put(0xc4, extension | 0x40 | map, operands | (bytes === 32 ? 4 : 0), opcode);
    } else {
      const high = ((isRegister ? not(other, 4) : 1) << 6) | (not(target, 4) << 4);
      const length = bytes & 0x60; // L'L: 0, 1 or 2
      const repeated = !isRegister && operand.isRepeated ? 0x10 : 0;
      this.#put(
        0x62,
        extension | high | map,
        operands | 4,
        length | repeated | (not(source, 4) << 3),
        opcode,
      );
    }
    this.#operand(target, operand);
  }
}
