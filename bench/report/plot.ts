import type { Plot } from './results.js';

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = Object.freeze({ top: 48, right: 190, bottom: 56, left: 72 });
/** Distinguishable for colour-blind people, on white and on black. */
const COLOURS = Object.freeze(['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f']);

/** Draws lines as an SVG. The horizontal axis is logarithmic by default. */
export function plotSvg({ title, horizontal, vertical, lines, isLinear = false }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([x]) => x))].sort((one, other) => one - other);
  const scale = (x: number) => (isLinear ? x : Math.log10(x));
  const least = scale(xs[0] ?? 1);
  const span = scale(xs.at(-1) ?? 10) - least || 1;
  const top = niceCeiling(Math.max(...points.map(([, y]) => y), 0));
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const left = (x: number) => MARGIN.left + ((scale(x) - least) / span) * (right - MARGIN.left);
  const down = (y: number) => bottom - (Math.max(y, 0) / top) * (bottom - MARGIN.top);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="24" font-size="15">${escaped(title)}</text>`,
  ];
  for (let step = 0; step <= 4; step++) {
    const value = (top * step) / 4;
    const y = round(down(value));
    parts.push(`<line x1="${MARGIN.left}" y1="${y}" x2="${right}" y2="${y}" stroke="#dddddd"/>`);
    parts.push(`<text x="${MARGIN.left - 8}" y="${y + 4}" text-anchor="end">${label(value)}</text>`);
  }
  for (const x of xs) {
    parts.push(`<text x="${round(left(x))}" y="${bottom + 18}" text-anchor="middle">${label(x)}</text>`);
  }
  parts.push(
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(horizontal)}</text>`,
    `<text x="18" y="${(MARGIN.top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 18 ${(MARGIN.top + bottom) / 2})">${escaped(vertical)}</text>`,
  );
  lines.forEach((line, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const path = line.points.map(([x, y]) => `${round(left(x))},${round(down(y))}`);
    parts.push(`<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const point of path) {
      const [x, y] = point.split(',');
      parts.push(`<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`);
    }
    const y = MARGIN.top + 14 + index * 20;
    parts.push(`<rect x="${right + 16}" y="${y - 9}" width="10" height="10" fill="${colour}"/>`);
    parts.push(`<text x="${right + 32}" y="${y}">${escaped(line.name)}</text>`);
  });
  return `${parts.join('\n')}\n</svg>\n`;
}

/** The next of 1, 2 and 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function label(value: number): string {
  return value >= 1000 ? String(value).replace(/\B(?=(\d{3})+$)/g, ',') : String(Number(value.toFixed(2)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
