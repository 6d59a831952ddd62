// The summary of a run as an HTML page that needs nothing beside it. Uses nothing of k6 or Node.

const style = `
  :root { color-scheme: light dark; --line: #8885; --good: #1a7f4b; --bad: #c62f3b; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  .verdict { color: #fff; border-radius: .3rem; padding: .1rem .6rem; font-size: 1rem; }
  .good { background: var(--good); } .bad { background: var(--bad); }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; min-width: 24rem; }
  th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

const statistics = ['count', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max'];

/** The page. */
export function toHtml(summary) {
  const { name, holds, endedAt, seconds, conditions, counts, closes, timesMs, settings } = summary;
  const times = Object.entries(timesMs).filter(([, values]) => values.count > 0 || values.max > 0);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)}: ${holds ? 'holds' : 'does not hold'}</title>
<style>${style}</style>
<h1>${escape(name)} ${verdict(holds)}</h1>
<p>${seconds} s, ended at ${escape(endedAt)}</p>
<h2>What should hold</h2>
${table(
  ['metric', 'condition', 'value', ''],
  conditions.map(({ metric, condition, value, holds: one }) => [
    metric,
    condition,
    { text: String(value ?? '') },
    { html: verdict(one) },
  ]),
)}
<h2>Times in milliseconds</h2>
${table(
  ['', ...statistics],
  times.map(([label, values]) => [words(label), ...statistics.map((key) => number(values[key]))]),
)}
<h2>Counts</h2>
${table(
  ['', ''],
  Object.entries(counts).map(([label, value]) => [words(label), number(value)]),
)}
<h2>Closes by the server</h2>
${table(
  ['code', 'connections'],
  Object.entries(closes).map(([code, value]) => [code, number(value)]),
)}
<h2>Settings</h2>
${table(
  ['', ''],
  Object.entries(settings).map(([label, value]) => [label, String(value)]),
)}
</html>
`;
}

/** Rows of text; numbers and HTML are objects. */
function table(headings, rows) {
  if (rows.length === 0) return '<p>none</p>';
  const numeric = rows[0].map((cell) => cell.text !== undefined);
  const head = headings.some(Boolean)
    ? `<tr>${headings.map((text, at) => `<th${numeric[at] ? ' class="number"' : ''}>${escape(text)}</th>`).join('')}</tr>`
    : '';
  const body = rows.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table>${head}\n${body}</table></div>`;
}

function cellHtml(cell) {
  if (typeof cell === 'string') return `<td>${escape(cell)}</td>`;
  return cell.html ? `<td>${cell.html}</td>` : `<td class="number">${escape(cell.text)}</td>`;
}

const verdict = (holds) =>
  `<span class="verdict ${holds ? 'good' : 'bad'}">${holds ? 'holds' : 'does not hold'}</span>`;

const number = (value) => ({ text: value === undefined ? '' : String(Math.round(value * 10) / 10) });

/** missedWhileAway: missed while away. */
const words = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
