/**
 * The contract of what changes a picture, and how several become one: geometry is only noted as a view until pixels are
 * needed, so a crop, a resize and a flip decode and compute what they show, once.
 */
import { checkFunctions, type Random } from '@longtail/core';
import type { Picture } from './dataset.ts';
import { type Room, render } from './render.ts';
import { pictureSource, type Source } from './source.ts';
import { type View, wholeView } from './view.ts';

/** A picture to a new picture; the numbers come from the picture's own stream. */
export interface Transform {
  (picture: Picture, random: Random): Picture;
  /** Of the transforms of this package; any other function has none. */
  readonly parts?: readonly Part[];
}

/** The call that makes a transform again on another thread: a factory's name and what it was given, plain data. */
export interface TransformCall {
  readonly name: string;
  readonly given: readonly unknown[];
}

/** One step of a transform: of the geometry alone, or of pixels. */
export type Part =
  | {
      readonly call: TransformCall;
      /** undefined, before any number is drawn, for a view that must be made pixels of first. */
      readonly view: (view: View, random: Random) => View | undefined;
    }
  | {
      readonly call?: TransformCall;
      readonly pixels: (picture: Picture, random: Random) => Picture;
    };

export function transformOf(...parts: readonly Part[]): Transform {
  const transform = (picture: Picture, random: Random): Picture =>
    prepare(pictureSource(picture), parts, random);
  return Object.assign(transform, { parts });
}

/** One after another. @throws InputError for what is no function */
export function compose(...transforms: readonly Transform[]): Transform {
  for (const [i, transform] of transforms.entries())
    checkFunctions({ [`transform ${i} of compose`]: transform });
  return transformOf(...transforms.flatMap((transform) => transform.parts ?? [{ pixels: transform }]));
}

/** The calls that make a transform; undefined when a function of another package is among its parts. */
export function callsOf({ parts }: Transform): TransformCall[] | undefined {
  const calls = parts?.map(({ call }) => call);
  return calls?.every((call) => call !== undefined) ? calls : undefined;
}

/**
 * A source through the parts of a transform.
 *
 * @param room of the result, if a resize is the last that makes pixels
 * @throws DataError as {@link Source.read} does
 */
export function prepare(source: Source, parts: readonly Part[], random: Random, room?: Room): Picture {
  let from = source;
  let view = wholeView(from.height, from.width);
  const settle = (picture: Picture): void => {
    from = pictureSource(picture);
    view = wholeView(from.height, from.width);
  };
  for (const part of parts) {
    if ('pixels' in part) {
      settle(part.pixels(render(from, view), random));
      continue;
    }
    let next = part.view(view, random);
    if (!next) {
      settle(render(from, view));
      next = part.view(view, random)!;
    }
    view = next;
  }
  return render(from, view, room);
}
