/** Where pixels come from: a picture in memory, or a file of which only what is needed is decoded. */
import type { Picture } from './dataset.ts';
import type { JpegDecoder } from './jpeg/decoder.ts';
import type { Region } from './view.ts';

export interface Source {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /**
   * Reads at least `region`, which lies inside the picture.
   *
   * @param room gives the memory for so many bytes, where the source has none of its own
   */
  read(region: Region, room: (bytes: number) => Uint8Array): Stored;
}

/** Pixels of a region of the source, row by row. */
export interface Stored {
  readonly pixels: Uint8Array;
  readonly region: Region;
}

export function pictureSource({ data, height, width, channels }: Picture): Source {
  const stored = { pixels: data, region: { top: 0, left: 0, height, width } };
  return { height, width, channels, read: () => stored };
}

/** @throws DataError when the header is no JPEG's; `read` throws when the rest is damaged */
export function jpegSource(
  bytes: Uint8Array,
  { decoder, source, maxPixels }: { decoder: JpegDecoder; source: string; maxPixels: number },
): Source {
  const header = decoder.header(bytes, { source, maxPixels });
  const { height, width } = header;
  const read: Source['read'] = (region, room) => decoder.decode(bytes, { source, header, region, room });
  return { height, width, channels: 3, read };
}
