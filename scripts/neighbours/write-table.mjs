// Writes docs/production/neighbours.json as a table into docs/production/neighbours.md, between the two markers.
// `--check` writes nothing, and fails if the table differs.
import fs from 'node:fs';
import { writeBetweenMarkers } from '../lib/write-between-markers.mjs';

const RESULTS = 'docs/production/neighbours.json';
const PLATFORMS = { express: 'Express', fastify: 'Fastify' };

writeBetweenMarkers({
  page: 'docs/production/neighbours.md',
  name: 'neighbours',
  text: render(JSON.parse(fs.readFileSync(RESULTS, 'utf8'))),
  check: process.argv.includes('--check'),
  remedy: `the table differs from ${RESULTS}. Run: node scripts/neighbours/write-table.mjs`,
});

function render({ version, date, results }) {
  const nests = unique(results.map(({ nest }) => nest));
  const columns = Object.keys(PLATFORMS).flatMap((platform) => nests.map((nest) => ({ platform, nest })));
  const head = [
    'Neighbour',
    'Packages',
    ...columns.map(({ platform, nest }) => `${PLATFORMS[platform]}, Nest ${nest}`),
    'Its errors',
    'What you do',
  ];
  const lines = unique(results.map(({ file }) => file)).map((file) => {
    const rows = results.filter((row) => row.file === file);
    const [{ name, todo }] = rows;
    const cells = columns.map((column) => {
      const row = rows.find(({ platform, nest }) => platform === column.platform && nest === column.nest);
      return row === undefined ? '-' : `${row.asked.length} of ${row.asked.length}`;
    });
    return [name, packagesOf(rows), ...cells, errorsOf(rows), todo === undefined ? '' : linkTo(todo)];
  });
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return [`nestjs-cors ${version}, run on ${date}:`, '', ...table].join('\n');
}

/** Each package with its version, or with its versions beside each Nest. */
function packagesOf(rows) {
  const names = unique(rows.flatMap(({ packages }) => Object.keys(packages)));
  return names
    .map((name) => `\`${name}\` ${unique(rows.map(({ packages }) => packages[name])).join(' and ')}`)
    .join(', ');
}

/** The statuses in names such as `error 413 too large: request allowed`. 101 opens a WebSocket, for an error in a message. */
function errorsOf(rows) {
  const statuses = rows.flatMap(({ asked }) => asked.flatMap((name) => /^error (\d+)/.exec(name)?.[1] ?? []));
  return unique(statuses.map((status) => (status === '101' ? 'a message' : status))).join(', ');
}

function linkTo({ text, heading }) {
  const anchor = heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
  return `[${text}](#${anchor})`;
}

function unique(values) {
  return [...new Set(values)];
}
