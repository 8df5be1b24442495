import type { Cell, Check, Table } from './results.js';

/** A Markdown table, padded to be readable in a terminal. */
export function tableText({ title, method, columns, rows }: Table): string {
  const texts = [columns.map(String), ...rows.map((row) => row.map(cellText))];
  const widths = columns.map((_, column) => Math.max(3, ...texts.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [head = [], ...body] = texts;
  return [`### ${title}`, '', method, '', line(head), rule, ...body.map(line), ''].join('\n');
}

/** Figures with three significant digits; an estimate with its interval. */
export function cellText(cell: Cell): string {
  if (typeof cell === 'string') {
    return cell;
  }
  return typeof cell === 'number'
    ? figure(cell)
    : `${cell.median.toFixed(2)} (${cell.low.toFixed(2)} to ${cell.high.toFixed(2)})`;
}

/** A check in one line. */
export function checkText({ target, value, limit, met }: Check): string {
  return `${met ? 'met    ' : 'NOT MET'} ${target}: ${figure(value)}, at most ${figure(limit)}`;
}

function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) {
    return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
  }
  return size >= 100 || Number.isInteger(value) ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
