/** What runs in the browser, sent as its own text: it names nothing outside itself. */
import type { RunState } from './runs.ts';

/** Draws the runs anew whenever something of them has changed. Text is put in as text. */
export function client(): void {
  const EVERY_MS = 2000;
  const COLUMNS = ['many', 'medium', 'few', 'all'] as const;
  const drawn = new Map<string, { text: string; element: HTMLElement }>();

  function element<K extends keyof HTMLElementTagNameMap>(
    name: K,
    attributes: Record<string, string> = {},
    ...children: (Node | string)[]
  ): HTMLElementTagNameMap[K] {
    const one = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    one.append(...children);
    return one;
  }

  const spoken = (seconds: number): string => {
    if (seconds < 60) return `${Math.round(seconds)} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  };
  const percent = (value: number | null): string => (value === null ? '–' : (100 * value).toFixed(1));

  const addressOf = (path: string, file: string): string =>
    ['', 'runs', ...path.split('/').filter(Boolean), file].map(encodeURIComponent).join('/');

  /** One line a sampler, images along x; `pick` says what of a point. */
  function curves(
    run: RunState,
    title: string,
    pick: (point: RunState['curves'][number]['points'][number]) => number | null,
  ): Node[] {
    const lines = run.curves
      .map(({ sampler, points }) => ({
        sampler,
        points: points.flatMap((point) => {
          const y = pick(point);
          return y === null ? [] : [[point[0], y] as const];
        }),
      }))
      .filter(({ points }) => points.length > 1);
    if (lines.length === 0) return [];
    const all = lines.flatMap(({ points }) => points);
    const range = (i: 0 | 1) => {
      const values = all.map((point) => point[i]);
      return values.reduce(
        ([low, high], value) => [Math.min(low!, value), Math.max(high!, value)],
        [Infinity, -Infinity],
      );
    };
    const [left, right] = range(0) as [number, number];
    const [bottom, top] = range(1) as [number, number];
    const SVG = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(SVG, 'svg');
    const ends = lines.map(({ sampler, points }) => `${sampler} ${points.at(-1)![1].toFixed(3)}`).join(', ');
    for (const [key, value] of Object.entries({
      viewBox: '0 0 100 100',
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `${title}: ${ends}`,
    }))
      svg.setAttribute(key, value);
    lines.forEach(({ points }, i) => {
      const line = document.createElementNS(SVG, 'polyline');
      const place = ([x, y]: readonly [number, number]) =>
        `${(100 * (x - left)) / (right - left || 1)},${100 - (100 * (y - bottom)) / (top - bottom || 1)}`;
      line.setAttribute('points', points.map(place).join(' '));
      line.setAttribute('stroke', `var(--c${(i % 8) + 1})`);
      svg.append(line);
    });
    const names = lines.map(({ sampler }, i) =>
      element(
        'li',
        {},
        element('span', { style: `color:var(--c${(i % 8) + 1})`, 'aria-hidden': 'true' }, '━'),
        ` ${sampler}`,
      ),
    );
    const caption = `${title}, ${bottom.toFixed(3)} to ${top.toFixed(3)}`;
    return [
      element('figure', {}, element('figcaption', {}, caption), svg),
      element('ul', { class: 'legend' }, ...names),
    ];
  }

  function table(run: RunState): Node[] {
    if (run.rows.length === 0) return [];
    const head = element('tr', {}, element('th', { scope: 'col' }, 'representation / classifier'));
    for (const column of COLUMNS) head.append(element('th', { scope: 'col', class: 'n' }, column));
    const lines = run.rows.map(({ sampler, classifier, scores }) => {
      const line = element('tr', {}, element('td', {}, `${sampler} / ${classifier}`));
      for (const column of COLUMNS) line.append(element('td', { class: 'n' }, percent(scores[column])));
      return line;
    });
    const whole = element('table', {}, element('thead', {}, head), element('tbody', {}, ...lines));
    return [
      element(
        'details',
        {},
        element('summary', {}, 'accuracy, %'),
        element('div', { class: 'scroll' }, whole),
      ),
    ];
  }

  function under(run: RunState): Node[] {
    const { now } = run;
    if (!now || run.state !== 'running')
      return now ? [element('p', { class: 'muted' }, `${now.title}: ${now.note}`)] : [];
    const rate = now.rate === null ? '' : `${now.rate.toFixed(now.rate < 10 ? 1 : 0)} ${now.unit}/s`;
    const left = now.secondsLeft === null ? '' : `ETA ${spoken(now.secondsLeft)}`;
    const facts = [now.title, now.note, rate, left]
      .filter((one) => one !== '')
      .map((one) => element('span', {}, one));
    const bar = element('progress', {
      max: String(now.total),
      value: String(now.done),
      'aria-label': now.title,
    });
    return [element('div', { class: 'facts' }, ...facts), bar];
  }

  function draw(run: RunState): HTMLElement {
    const links = run.files.map((file) => element('a', { href: addressOf(run.path, file) }, file));
    const about = [run.state, run.recipe, run.seed === null ? '' : `seed ${run.seed}`]
      .filter((one) => one !== '')
      .join(' · ');
    return element(
      'section',
      { class: 'run' },
      element('h2', {}, run.path || '.'),
      element('p', { class: 'muted' }, run.problem ?? about),
      ...under(run),
      ...curves(run, 'training loss', ([, loss]) => loss),
      ...curves(run, 'accuracy on training batches', ([, , accuracy]) => accuracy),
      ...table(run),
      element('p', { class: 'facts' }, ...links),
    );
  }

  function show(runs: readonly RunState[]): void {
    const place = document.getElementById('runs')!;
    const elements = runs.map((run) => {
      const text = JSON.stringify(run);
      const known = drawn.get(run.path);
      if (known?.text === text) return known.element;
      const fresh = draw(run);
      const isOpen = known?.element.querySelector('details')?.open ?? false; // as the reader left it
      fresh.querySelectorAll('details').forEach((one) => {
        one.open = isOpen;
      });
      drawn.set(run.path, { text, element: fresh });
      return fresh;
    });
    if (elements.some((one, i) => place.children[i] !== one) || place.children.length !== elements.length)
      place.replaceChildren(...elements);
  }

  async function ask(): Promise<void> {
    const status = document.getElementById('status')!;
    try {
      const answer = await fetch('/api/runs');
      if (!answer.ok) throw new Error(await answer.text());
      const runs = (await answer.json()) as RunState[];
      const running = runs.filter(({ state }) => state === 'running').length;
      const said =
        runs.length === 0
          ? 'No run here yet; begin one with longtail run.'
          : `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${running} running`;
      if (status.textContent !== said) status.textContent = said;
      show(runs);
    } catch {
      status.textContent = 'The server does not answer; asking again.';
    }
    setTimeout(() => void ask(), EVERY_MS);
  }
  void ask();
}
