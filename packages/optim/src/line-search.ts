/**
 * A step along a line that decreases enough and leaves the slope flatter:
 *   f(t) <= f(0) + 1e-4 t f'(0)   and   f'(t) >= 0.9 f'(0)
 * A step too long is halved towards the last one that was not (Lewis & Overton, 2013). One too short grows to where the slopes seen so
 * far would be flat, t f'(0) / (f'(0) - f'(t)), by a factor of 2 to 100: the first step of a search is a guess, and may be
 * a thousand times too short.
 * Near the minimum float32 cannot tell f(t) from f(0), and the slopes decide (Hager & Zhang, 2005, equation 4.1).
 */

export interface Place {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

const DECREASE = 1e-4;
const FLATTER = 0.9;
/** What float32 sums are off by, of the value. */
const NOISE = 1e-6;
const MOST_TRIES = 30;
/** How much longer the next step may be. */
const [LEAST_GROWTH, MOST_GROWTH] = [2, 100];

/** @param slope where the line begins @param at a place that is low, but as steep */
function longer(slope: number, at: Place): number {
  const flat = at.slope > slope ? slope / (slope - at.slope) : MOST_GROWTH;
  return at.t * Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, flat));
}

/**
 * @param begin t = 0, where the slope is negative
 * @param at the function at t; what it has made for a place that is not taken is given to `release`
 * @returns undefined where no step is found
 */
export function searchLine<Found extends Place>(
  begin: Place,
  at: (t: number) => Found,
  release: (place: Found) => void,
): Found | undefined {
  const { value, slope } = begin;
  const isLow = (place: Found): boolean =>
    place.value <= value + DECREASE * place.t * slope ||
    (place.value <= value + NOISE * Math.abs(value) && place.slope <= (2 * DECREASE - 1) * slope);
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let t = 1;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const place = at(t);
    const enough = isLow(place);
    if (enough && place.slope >= FLATTER * slope) return place;
    if (enough) low = t;
    else high = t;
    release(place);
    t = high === Number.POSITIVE_INFINITY ? longer(slope, place) : (low + high) / 2;
  }
  return undefined;
}
