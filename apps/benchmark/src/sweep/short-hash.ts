/** Twelve hexadecimal digits of what JSON can say. */
import { createHash } from 'node:crypto';

export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
