/** A command that was told to stop, and can go on. */
import { LongtailError } from '@longtail/core';

/** The code that it ends with: to shells and schedulers, stopped and resumable. */
export const STOPPED = 75;

export class Stopped extends LongtailError {}
