/**
 * The page's own script: a table of class `sortable` gets a button in each head, by which mouse and keyboard sort it
 * (`aria-sort` says how), and a field that filters its rows. Without it the page is whole, in the order of the classes.
 * It is text, so that no bundler can change what runs in the page.
 */
export const SCRIPT = `
(() => {
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  const keyOf = (row, column) => {
    const { dataset, textContent } = row.cells[column];
    if (!('value' in dataset)) return textContent;
    return dataset.value === '' ? null : Number(dataset.value);
  };
  const order = (a, b) => (typeof a === 'number' ? a - b : compare(a, b));

  function sort(table, column, descending) {
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
    const known = keyed.filter(({ key }) => key !== null);
    known.sort((a, b) => (descending ? order(b.key, a.key) : order(a.key, b.key)));
    body.append(...[...known, ...keyed.filter(({ key }) => key === null)].map(({ row }) => row));
  }

  function makeSortable(table, say) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const first = head.classList.contains('n') ? 'descending' : 'ascending';
        const other = first === 'ascending' ? 'descending' : 'ascending';
        const next = head.getAttribute('aria-sort') === first ? other : first;
        for (const one of heads) one.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', next);
        sort(table, column, next === 'descending');
        say('sorted by ' + button.textContent + ', ' + next);
      });
    });
  }

  function makeFilter(table, say) {
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent.toLowerCase()));
    const label = document.createElement('label');
    const field = document.createElement('input');
    field.type = 'search';
    label.append(table.dataset.filter + ' ', field);
    field.addEventListener('input', () => {
      const wanted = field.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !texts[i].some((text) => text.includes(wanted));
        if (!row.hidden) shown += 1;
      });
      say(shown + ' of ' + rows.length + ' rows');
    });
    return label;
  }

  for (const table of document.querySelectorAll('table.sortable')) {
    const tools = document.createElement('p');
    tools.className = 'tools';
    const status = document.createElement('span');
    status.setAttribute('role', 'status');
    status.className = 'muted';
    const say = (text) => { status.textContent = text; };
    tools.append(makeFilter(table, say), ' ', status);
    table.parentElement.before(tools);
    makeSortable(table, say);
  }
})();
`;
