import type { Row } from '../measure/row.js';

/** The rows as text with columns, for people. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, figure, unit, ratio, target, met }) => [
    name,
    formatFigure(figure),
    unit,
    ratio === null ? '' : ratio.toFixed(2),
    target ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
  ]);
  const table = [['workload', 'figure', 'unit', 'ratio', 'target', ''], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const numeric = new Set([1, 3]);
  return table
    .map((line) =>
      line
        .map((cell, column) => (numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Three digits that say something, and no more than a measurement knows. */
function formatFigure(figure: number): string {
  if (!Number.isFinite(figure)) return '-';
  if (figure === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(figure), 0.01))));
  return figure.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}
