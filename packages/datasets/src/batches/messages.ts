/** What passes between a loader and its threads: plain data, and memory that both see. */
import { DataError, InputError } from '@longtail/core';
import type { PictureFile } from '../dataset.ts';
import type { TransformCall } from '../transform.ts';

/** How the pictures of a job are prepared. */
export interface Preparation {
  readonly calls: readonly TransformCall[];
  readonly seed: number;
  readonly epoch: number;
  readonly maxPixels: number;
  readonly orient: boolean;
}

/** One batch, given to every thread: each takes the next picture until none is left. */
export interface Job extends Preparation {
  readonly id: number;
  /** null for a picture that is left out already. */
  readonly files: readonly (PictureFile | null)[];
  /** Position in the epoch of the first. */
  readonly start: number;
  /** Of a picture: height, width, channels. */
  readonly shape: readonly [number, number, number];
  /** Shape [files.length, ...shape], shared. */
  readonly pixels: Uint8Array;
  /** How many pictures are taken already, shape [1], shared. */
  readonly taken: Int32Array;
}

/** A picture of a job that could not be prepared. */
export interface Failure {
  /** Which of the job's. */
  readonly place: number;
  readonly name: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A thread found no picture of the job left to take; these were its failures. */
export interface Answer {
  readonly id: number;
  readonly failures: readonly Failure[];
}

export function asFailure(place: number, error: unknown): Failure {
  const { name, message, details = {} } = error as DataError;
  return { place, name, message, details };
}

/** The error again, of its class: those do not survive the way between threads. */
export function asError({ name, message, details }: Failure): Error {
  if (name === 'DataError') return new DataError(message, { ...details });
  if (name === 'InputError') return new InputError(message, { ...details });
  return Object.assign(new Error(message), { name });
}
