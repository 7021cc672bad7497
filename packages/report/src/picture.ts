/** A small picture as an image inside the page. */
import { encode } from 'fast-png';
import { html, type Markup } from './markup.ts';
import type { SamplePicture } from './results.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64Of = (bytes: Uint8Array): string =>
  btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));

function png({ height, width, rgb }: SamplePicture): string {
  const bytes = encode({ width, height, channels: 3, depth: 8, data: bytesOf(rgb) });
  return `data:image/png;base64,${base64Of(bytes)}`;
}

/** @param alt what is to be seen, in words */
export const image = (picture: SamplePicture, alt: string): Markup =>
  html`<img src="${png(picture)}" alt="${alt}" width="40" height="40">`;
