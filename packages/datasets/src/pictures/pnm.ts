/**
 * Portable anymaps (Netpbm's PBM, PGM and PPM; P1 to P6) to RGB as PIL has them. A sample is scaled from its maximum,
 * 1..65535, to 255; PIL cuts grey ones of more than 8 bits off at 255 instead.
 */
import type { Picture } from '../dataset.ts';
import { badPicture, type DecoderOptions, expectPixels } from './bad-picture.ts';
import { type PictureBytes, pictureBytes } from './bytes.ts';
import { type PnmTokens, pnmTokens } from './pnm-tokens.ts';

interface Samples {
  readonly source: string;
  readonly height: number;
  /** In a row. */
  readonly count: number;
  /** Value of a whole one; 1 for bits, whose 1 is black. */
  readonly most: number;
  readonly isBits: boolean;
}

const MOST = 65535;

/** @throws DataError when the file is cut short, damaged, or of more than `maxPixels` */
export function decodePnm(file: Uint8Array, options: DecoderOptions): Picture {
  const { source } = options;
  const kind = file[1]! - 0x30;
  const tokens = pnmTokens(file, { source, start: 3 });
  const size = { width: tokens.number(), height: tokens.number() };
  expectPixels(size, options);
  const isBits = kind % 3 === 1;
  const channels = kind % 3 === 0 ? 3 : 1;
  const most = isBits ? 1 : tokens.number();
  if (most < 1 || most > MOST) throw badPicture(source, `its samples go up to ${most}`);
  const layout: Samples = { source, height: size.height, count: size.width * channels, most, isBits };
  const start = tokens.at();
  const read = isBits ? packedBits : rawSamples;
  const samples =
    kind <= 3
      ? plainSamples(tokens, file.length, layout)
      : read(pictureBytes(file, { source, start }), layout);
  return { data: channels === 3 ? samples : tripled(samples), ...size, channels: 3 };
}

/** From 0..most to 0..255; half to even, as Python rounds. */
function scaled(sample: number, most: number): number {
  const value = (Math.min(sample, most) / most) * 255;
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2) : Math.round(value);
}

function plainSamples(
  tokens: PnmTokens,
  bytes: number,
  { source, height, count, most, isBits }: Samples,
): Uint8Array {
  if (height * count > bytes) throw badPicture(source, 'it is cut short');
  const samples = new Uint8Array(height * count);
  for (let i = 0; i < samples.length; i++) {
    const value = isBits ? 1 - tokens.bit() : tokens.number();
    if (value > most) throw badPicture(source, `a sample is ${value}, of at most ${most}`);
    samples[i] = scaled(value, most);
  }
  return samples;
}

/** Eight to a byte, the first one highest; each row begins a byte. */
function packedBits(bytes: PictureBytes, { height, count }: Samples): Uint8Array {
  const line = Math.ceil(count / 8);
  const stored = bytes.take(height * line);
  const samples = new Uint8Array(height * count);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < count; x++)
      samples[to++] = (stored[y * line + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 0 : 255;
  return samples;
}

/** A byte each, or two, the higher one first. */
function rawSamples(bytes: PictureBytes, { height, count, most }: Samples): Uint8Array {
  const isWide = most > 255;
  const stored = bytes.take(height * count * (isWide ? 2 : 1));
  if (most === 255) return new Uint8Array(stored);
  const samples = new Uint8Array(height * count);
  for (let i = 0; i < samples.length; i++)
    samples[i] = scaled(isWide ? stored[2 * i]! * 256 + stored[2 * i + 1]! : stored[i]!, most);
  return samples;
}

function tripled(samples: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(samples.length * 3);
  for (let i = 0; i < samples.length; i++) pixels.fill(samples[i]!, i * 3, i * 3 + 3);
  return pixels;
}
