/**
 * Portable anymaps (Netpbm's PBM, PGM and PPM; P1 to P6) to RGB as PIL has them. A sample is scaled from its maximum,
 * 1..65535, to 255; PIL cuts grey ones of more than 8 bits off at 255 instead.
 */
import type { Picture } from '../dataset.ts';
import { badPicture, type DecoderOptions, expectPixels } from './bad-picture.ts';
import { pictureBytes } from './bytes.ts';
import { type PnmTokens, pnmTokens } from './pnm-tokens.ts';

const MOST = 65535;

/** @throws DataError when the file is cut short, damaged, or of more than `maxPixels` */
export function decodePnm(file: Uint8Array, options: DecoderOptions): Picture {
  const { source } = options;
  const kind = file[1]! - 0x30;
  const tokens = pnmTokens(file, { source, start: 3 });
  const size = { width: tokens.number(), height: tokens.number() };
  expectPixels(size, options);
  const isBits = kind === 1 || kind === 4;
  const most = isBits ? 1 : tokens.number();
  if (most < 1 || most > MOST) throw badPicture(source, `its samples go up to ${most}`);
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const count = size.height * size.width * channels;
  const samples =
    kind <= 3
      ? plainSamples(tokens, file, { source, count, most, isBits })
      : rawSamples(file, { source, start: tokens.at(), ...size, channels, most, isBits });
  return { data: channels === 3 ? samples : tripled(samples), ...size, channels: 3 };
}

/** Each as 0..255: half to even, as Python rounds. */
function scaled(most: number): (sample: number) => number {
  return (sample) => {
    const value = (Math.min(sample, most) / most) * 255;
    const low = Math.floor(value);
    return value - low === 0.5 ? low + (low % 2) : Math.round(value);
  };
}

function plainSamples(
  tokens: PnmTokens,
  file: Uint8Array,
  { source, count, most, isBits }: { source: string; count: number; most: number; isBits: boolean },
): Uint8Array {
  if (count > file.length) throw badPicture(source, 'it is cut short');
  const samples = new Uint8Array(count);
  const scale = scaled(most);
  for (let i = 0; i < count; i++) {
    const value = isBits ? 1 - tokens.bit() : tokens.number();
    if (value > most) throw badPicture(source, `a sample is ${value}, of at most ${most}`);
    samples[i] = scale(value);
  }
  return samples;
}

function rawSamples(
  file: Uint8Array,
  {
    source,
    start,
    height,
    width,
    channels,
    most,
    isBits,
  }: {
    source: string;
    start: number;
    height: number;
    width: number;
    channels: number;
    most: number;
    isBits: boolean;
  },
): Uint8Array {
  const bytes = pictureBytes(file, { source, start });
  const samples = new Uint8Array(height * width * channels);
  if (isBits) {
    const stored = bytes.take(height * Math.ceil(width / 8));
    for (let y = 0, to = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        samples[to++] = (stored[y * Math.ceil(width / 8) + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 0 : 255;
    return samples;
  }
  const isWide = most > 255;
  const stored = bytes.take(samples.length * (isWide ? 2 : 1));
  if (most === 255) return Uint8Array.from(stored);
  const scale = scaled(most);
  for (let i = 0; i < samples.length; i++)
    samples[i] = scale(isWide ? stored[2 * i]! * 256 + stored[2 * i + 1]! : stored[i]!);
  return samples;
}

function tripled(samples: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(samples.length * 3);
  for (let i = 0; i < samples.length; i++) pixels.fill(samples[i]!, i * 3, i * 3 + 3);
  return pixels;
}
