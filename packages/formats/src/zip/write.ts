/**
 * A zip (PKWARE's APPNOTE) of members as they are, not compressed, each beginning at a multiple of 64 bytes: so they can be
 * mapped into memory. The padding is an extra field of the local header, named FB as PyTorch's is.
 */
import { InputError } from '@longtail/core';
import { crc32 } from './crc32.ts';

const ALIGNMENT = 64;
const [LOCAL, CENTRAL, END, FIELD] = [30, 46, 22, 4];
/** Sizes and places have 32 bits, numbers of members 16; all bits set would refer to zip64's fields. */
const MAX_BYTES = 2 ** 32 - 1;
const MAX_MEMBERS = 2 ** 16 - 1;
/** Of names: UTF-8. */
const UTF8 = 0x800;
/** 1 January 1980, the first day there is. */
const DAY = 0x21;
const VERSION = 20;

interface Placed {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  /** Of its local header. */
  readonly offset: number;
  /** Of its bytes. */
  readonly start: number;
}

/** @throws InputError for more than 4 GiB, or 65,534 members */
export function encodeZip(
  members: readonly (readonly [name: string, bytes: Uint8Array])[],
): Uint8Array<ArrayBuffer> {
  const placed: Placed[] = [];
  let end = 0;
  for (const [text, bytes] of members) {
    const name = new TextEncoder().encode(text);
    const [offset, least] = [end, end + LOCAL + name.length + FIELD];
    const start = Math.ceil(least / ALIGNMENT) * ALIGNMENT;
    placed.push({ name, bytes, offset, start });
    end = start + bytes.length;
  }
  const directory = placed.reduce((sum, { name }) => sum + CENTRAL + name.length, 0);
  const size = end + directory + END;
  if (size >= MAX_BYTES || members.length >= MAX_MEMBERS)
    throw new InputError(
      `expected at most 4 GiB in fewer than ${MAX_MEMBERS} members for one zip, but got ${size} bytes in ${members.length}; write several files.`,
      { size, members: members.length },
    );
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const crcs = placed.map((member) => writeMember(file, view, member));
  writeDirectory(file, view, { placed, crcs, start: end });
  return file;
}

/** What the local header and the directory share: version, flags, method, time, date, CRC, both sizes, the name's length. */
function writeAbout(view: DataView, at: number, { name, bytes }: Placed, crc: number): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 8, DAY, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, bytes.length, true);
  view.setUint32(at + 18, bytes.length, true);
  view.setUint16(at + 22, name.length, true);
}

function writeMember(file: Uint8Array, view: DataView, member: Placed): number {
  const { name, bytes, offset, start } = member;
  const [crc, extra] = [crc32(bytes), offset + LOCAL + name.length];
  view.setUint32(offset, 0x04034b50, true);
  writeAbout(view, offset + 4, member, crc);
  view.setUint16(offset + 28, start - extra, true);
  file.set(name, offset + LOCAL);
  file.set([0x46, 0x42], extra); // FB
  view.setUint16(extra + 2, start - extra - FIELD, true);
  file.fill(0x5a, extra + FIELD, start);
  file.set(bytes, start);
  return crc;
}

function writeDirectory(
  file: Uint8Array,
  view: DataView,
  { placed, crcs, start }: { placed: readonly Placed[]; crcs: readonly number[]; start: number },
): void {
  let at = start;
  for (const [i, member] of placed.entries()) {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, VERSION, true);
    writeAbout(view, at + 6, member, crcs[i]!);
    view.setUint32(at + 42, member.offset, true);
    file.set(member.name, at + CENTRAL);
    at += CENTRAL + member.name.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, placed.length, true);
  view.setUint16(at + 10, placed.length, true);
  view.setUint32(at + 12, at - start, true);
  view.setUint32(at + 16, start, true);
}
