/**
 * Whether a shared library of Linux is whole. The system's loader maps what the headers promise and touches it: of a
 * file that was cut short that ends the process (SIGBUS), where macOS and Windows refuse the file. A hole at its end, as an
 * interrupted copy or a full disk leaves it, ends it as well.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENT_TO_LOAD = 1;

/** The first library of a folder that ends before its last segment does, or in nothing but zeros, by name. */
export function cutShort(folder: string): string | undefined {
  return readdirSync(folder).find((name) => /\.so(\.|$)/.test(name) && isCutShort(join(folder, name)));
}

/** Reads the program headers of a 64-bit ELF file; whatever else it is, the loader refuses by itself. */
function isCutShort(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const header = bytes(descriptor, 0, 64);
    if (header.length < 64) return true;
    if (bytes(descriptor, Math.max(0, size - 4096), 4096).every((byte) => byte === 0)) return true;
    if (header.toString('latin1', 1, 4) !== 'ELF' || header[4] !== 2) return false;
    const [entry, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
    const table = bytes(descriptor, Number(header.readBigUInt64LE(32)), entry * count);
    if (table.length < entry * count) return true;
    for (let at = 0; at < table.length; at += entry) {
      const end = table.readBigUInt64LE(at + 8) + table.readBigUInt64LE(at + 32);
      if (table.readUInt32LE(at) === SEGMENT_TO_LOAD && end > size) return true;
    }
    return false;
  } finally {
    closeSync(descriptor);
  }
}

function bytes(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}
