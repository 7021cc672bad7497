/** Each instruction as it is encoded, and as binutils' disassembler reads those bytes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Assembler, type Encoding, REGISTERS } from '../src/machine/x64.ts';

const { RAX, RBX, RBP, RSI, RDI, R9, R10, R11, R12, R13, R15 } = REGISTERS;
const at = (base: number, offset: number) => ({ base, offset });

// biome-ignore format: a table
const INSTRUCTIONS: [text: string, bytes: string, encoding: Encoding, write: (code: Assembler) => void][] = [
  ['push rbx', '53', 'evex', (code) => code.push(RBX)],
  ['push r15', '4157', 'evex', (code) => code.push(R15)],
  ['pop rbp', '5d', 'evex', (code) => code.pop(RBP)],
  ['pop r12', '415c', 'evex', (code) => code.pop(R12)],
  ['mov r9,0x11170', '49c7c170110100', 'evex', (code) => code.set(R9, 70_000)],
  ['mov r12,rsi', '4989f4', 'evex', (code) => code.move(R12, RSI)],
  ['add r15,QWORD PTR [rbx+0x38]', '4c03bb38000000', 'evex', (code) => code.add(R15, at(RBX, 56))],
  ['add rax,r13', '4903c5', 'evex', (code) => code.add(RAX, R13)],
  ['add r10,0xfffffffffffffffd', '4981c2fdffffff', 'evex', (code) => code.addNumber(R10, -3)],
  ['imul r13,rax,0x186a0', '4c69e8a0860100', 'evex', (code) => code.multiply(R13, RAX, 100_000)],
  ['xor edx,edx; div r11', '31d249f7f3', 'evex', (code) => code.divide(R11)],
  ['mov r9,0x1; lock xadd QWORD PTR [r12+0x10],r9', '49c7c101000000f04d0fc18c2410000000', 'evex', (code) => code.claim(R9, at(R12, 16))],
  ['vzeroupper; ret', 'c5f877c3', 'evex', (code) => code.return()],
  ['vmovups zmm17,ZMMWORD PTR [rsi+0x200]', '62e17c48108e00020000', 'evex', (code) => code.vector('load', 64, 17, at(RSI, 512))],
  ['vmovups YMMWORD PTR [r12+0x200],ymm9', '62517c28118c2400020000', 'evex', (code) => code.vector('store', 32, 9, at(R12, 512))],
  ['vfmadd231ps zmm21,zmm30,DWORD BCST [rdi+0x24]', '62e20d50b8af24000000', 'evex', (code) => code.vector('fma', 64, 21, { ...at(RDI, 36), isRepeated: true }, 30)],
  ['vfmadd231ps xmm8,xmm9,xmm31', '62123508b8c7', 'evex', (code) => code.vector('fma', 16, 8, 31, 9)],
  ['vpxord zmm29,zmm29,zmm29', '62011540efed', 'evex', (code) => code.vector('xor', 64, 29, 29, 29)],
  ['vmaxps zmm3,zmm31,zmm3', '62f104405fdb', 'evex', (code) => code.vector('max', 64, 3, 3, 31)],
  ['vaddps zmm8,zmm31,ZMMWORD PTR [rsi+0x40]', '62710440588640000000', 'evex', (code) => code.vector('add', 64, 8, at(RSI, 64), 31)],
  ['vmovups zmm3,ZMMWORD PTR [r12+0x80]', '62d17c48109c2480000000', 'evex', (code) => code.vector('load', 64, 3, at(R12, 128))],
  ['vfmadd231ps zmm2,zmm7,DWORD BCST [r13+0x4]', '62d24558b89504000000', 'evex', (code) => code.vector('fma', 64, 2, { ...at(R13, 4), isRepeated: true }, 7)],
  ['vsubps ymm9,ymm2,ymm17', '62316c285cc9', 'evex', (code) => code.vector('sub', 32, 9, 17, 2)],
  ['vmovups xmm3,XMMWORD PTR [rax+0x40]', 'c4e178109840000000', 'vex', (code) => code.vector('load', 16, 3, at(RAX, 64))],
  ['vmovups YMMWORD PTR [r13+0x200],ymm9', 'c4417c118d00020000', 'vex', (code) => code.vector('store', 32, 9, at(R13, 512))],
  ['vbroadcastss ymm11,DWORD PTR [r9+0x4]', 'c4427d189904000000', 'vex', (code) => code.vector('broadcast', 32, 11, at(R9, 4))],
  ['vfmadd231ps ymm12,ymm13,ymm14', 'c44215b8e6', 'vex', (code) => code.vector('fma', 32, 12, 14, 13)],
  ['vaddps ymm9,ymm8,ymm1', 'c4613c58c9', 'vex', (code) => code.vector('add', 32, 9, 1, 8)],
  ['vsubps xmm2,xmm5,XMMWORD PTR [r11+0x20]', 'c4c1505c9320000000', 'vex', (code) => code.vector('sub', 16, 2, at(R11, 32), 5)],
  ['vpxor ymm10,ymm10,ymm10', 'c4412defd2', 'vex', (code) => code.vector('xor', 32, 10, 10, 10)],
  ['vmaxps xmm3,xmm14,xmm3', 'c4e1085fdb', 'vex', (code) => code.vector('max', 16, 3, 3, 14)],
  ['mov r10,0x7; push rbx; add r10,0xffffffffffffffff; jne 0x7', '49c7c207000000534981c2ffffffff0f85f2ffffff', 'evex', (code) => code.repeat(R10, 7, () => code.push(RBX))],
  ['push rbx; cmp rax,QWORD PTR [rbx+0x8]; jb 0x13; jmp 0x19; pop rbx; jmp 0x0', '53483b83080000000f8205000000e9060000005be9e7ffffff', 'evex', (code) => code.whileBelow(RAX, at(RBX, 8), () => code.push(RBX), () => code.pop(RBX))],
];

const folder = mkdtempSync(join(tmpdir(), 'longtail-x64-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** undefined where there is no objdump. */
function disassembled(bytes: string): string | undefined {
  const file = join(folder, 'code.bin');
  writeFileSync(file, Buffer.from(bytes, 'hex'));
  const how = ['-D', '-b', 'binary', '-m', 'i386:x86-64', '-M', 'intel', '--no-show-raw-insn', file];
  const { stdout, error } = spawnSync('objdump', how, { encoding: 'utf8' });
  if (error) return undefined;
  const lines = [...stdout.matchAll(/^\s+[0-9a-f]+:\s+(.*\S)/gm)].map(([, text]) =>
    text!.replace(/\s+/g, ' '),
  );
  // Older releases write a repeated float otherwise, and mark no EVEX.
  return lines
    .join('; ')
    .replace(/DWORD PTR (\[.*\])\{1to\d+\}/, 'DWORD BCST $1')
    .replace('{evex} ', '');
}

describe('the assembler', () => {
  it.each(INSTRUCTIONS)('%s', (_, bytes, encoding, write) => {
    const code = new Assembler(encoding);
    write(code);
    expect(Buffer.from(code.code).toString('hex')).toBe(bytes);
  });
  it('is read by a disassembler as it was meant', (context) => {
    context.skip(disassembled('c3') !== 'ret', 'there is no objdump of binutils here');
    for (const [text, bytes] of INSTRUCTIONS) expect(disassembled(bytes)).toBe(text);
  });
  it('refuses numbers that do not fit in an instruction', () => {
    for (const value of [2 ** 31, 0.5, Number.NaN])
      expect(() => new Assembler('evex').set(RAX, value)).toThrow(/32 bits/);
  });
  it('refuses loops that would not end', () => {
    expect(() => new Assembler('evex').repeat(RAX, 0, () => {})).toThrow(RangeError);
  });
});
