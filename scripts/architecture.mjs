// `npm run architecture`: draws the rooms of `src` as `docs/images/rooms.svg`, from the real imports and the table in
// `src/README.md`. With `--print` it writes the picture to standard output.
import fs from 'node:fs';
import path from 'node:path';

const PICTURE = 'docs/images/rooms.svg';
const BOX = { width: 210, height: 84 };
const GAP = { x: 30, y: 46 };
const LETTERS_OF_A_LINE = 29;

const rooms = readRooms();
const imports = withoutDetours(readImports());
const layers = layersOf(imports);
const picture = draw();
if (process.argv.includes('--print')) {
  process.stdout.write(picture);
} else {
  fs.writeFileSync(PICTURE, picture);
}

/** The purpose of each room, by its name. */
function readRooms() {
  const rows = fs.readFileSync('src/README.md', 'utf8').matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm);
  return new Map([...rows].map(([, name, purpose]) => [name, purpose]));
}

/** The rooms that the files of each room import from. */
function readImports() {
  const found = new Map();
  for (const room of rooms.keys()) {
    const targets = new Set();
    const files = fs.readdirSync(path.join('src', room), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const from = path.posix.join(room, path.posix.dirname(file));
      const text = fs.readFileSync(path.join('src', room, file), 'utf8');
      for (const [, specifier] of text.matchAll(/\bfrom '(\.[^']+)'/g)) {
        targets.add(path.posix.join(from, specifier).split('/')[0]);
      }
    }
    targets.delete(room);
    found.set(room, targets);
  }
  return found;
}

/** Leaves out an arrow if other arrows lead to the same room. */
function withoutDetours(all) {
  const reaches = (from, to) => [...all.get(from)].some((next) => next === to || reaches(next, to));
  const direct = (room) => [...all.get(room)].filter((to) => ![...all.get(room)].some((one) => reaches(one, to)));
  return new Map([...all.keys()].map((room) => [room, direct(room)]));
}

/** The rooms by layer, a room below all that import from it. A long arrow has a point in each layer that it passes. */
function layersOf(arrows) {
  const importersOf = (room) => [...arrows.keys()].filter((other) => arrows.get(other).includes(room));
  const depthBelow = (room) => Math.max(-1, ...importersOf(room).map(depthBelow)) + 1;
  const depthOf = (room) =>
    importersOf(room).length > 0 ? depthBelow(room) : Math.min(...arrows.get(room).map(depthBelow)) - 1;
  const found = [];
  for (const room of arrows.keys()) {
    const depth = depthOf(room);
    found[depth] = [
      ...(found[depth] ?? []),
      { room, above: importersOf(room).map((other) => pointOf(other, room, depth)) },
    ];
    for (const to of arrows.get(room)) {
      for (let layer = depth + 1; layer < depthOf(to); layer++) {
        const above = [layer === depth + 1 ? room : passing(room, to, layer - 1)];
        found[layer] = [...(found[layer] ?? []), { room: passing(room, to, layer), above }];
      }
    }
  }
  return found;

  function pointOf(from, to, depth) {
    return depth === depthOf(from) + 1 ? from : passing(from, to, depth - 1);
  }
}

function passing(from, to, layer) {
  return `${from} ${to} ${layer}`;
}

function draw() {
  const widest = Math.max(...layers.map((layer) => layer.length));
  const width = widest * (BOX.width + GAP.x) + GAP.x;
  const height = layers.length * (BOX.height + GAP.y) + GAP.y / 2;
  const center = new Map();
  const boxes = [];
  const arrows = [];
  for (const [depth, layer] of layers.entries()) {
    const middle = ({ above }) => above.reduce((sum, one) => sum + center.get(one).x, 0) / (above.length || 1);
    const y = GAP.y / 2 + depth * (BOX.height + GAP.y);
    for (const [index, { room, above }] of [...layer].sort((one, other) => middle(one) - middle(other)).entries()) {
      const x = Math.round((width * (2 * index + 1)) / (2 * layer.length));
      center.set(room, { x, y });
      arrows.push(...above.map((one) => arrow(center.get(one), { x, y }, rooms.has(room))));
      boxes.push(rooms.has(room) ? box(room, x, y) : `<path d="M${x} ${y}v${BOX.height}"/>`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>The rooms of src and the imports between them</title>
<style>
  text { font: 13px sans-serif; fill: #57606a; text-anchor: middle }
  .name { font: bold 15px monospace; fill: #1f2328 }
  rect { fill: #f6f8fa; stroke: #8c959f }
  path { fill: none; stroke: #8c959f }
  marker path { fill: #8c959f; stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 }
    .name { fill: #f0f6fc }
    rect { fill: #151b23 }
  }
</style>
<marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
${[...arrows, ...boxes].join('\n')}
</svg>
`;
}

function arrow(from, to, ends) {
  const head = ends ? ' marker-end="url(#arrow)"' : '';
  return `<path d="M${from.x} ${from.y + BOX.height}L${to.x} ${to.y}"${head}/>`;
}

function box(room, x, y) {
  const lines = wrap(rooms.get(room).replaceAll('`', ''));
  const texts = lines.map((line, index) => `<text x="${x}" y="${y + 42 + index * 16}">${line}</text>`);
  const left = x - BOX.width / 2;
  return [
    `<rect x="${left}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text class="name" x="${x}" y="${y + 22}">${room}</text>`,
    ...texts,
  ].join('\n');
}

function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > LETTERS_OF_A_LINE) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = line;
    }
  }
  return lines;
}
