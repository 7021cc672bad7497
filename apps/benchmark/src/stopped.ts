/** A command that was told to stop, and can go on. */
import { LongtailError } from '@longtail/core';

export class Stopped extends LongtailError {}
