// Writes the results of `npm run matrix` as a table into docs/compatibility/README.md, between the two markers.
// Argument: the file of results (default: docs/compatibility/results.json). `--check` writes nothing, and fails if the
// table differs from the results.
import fs from 'node:fs';
import { writeBetweenMarkers } from '../lib/write-between-markers.mjs';

const check = process.argv.includes('--check');
const file = process.argv.slice(2).find((argument) => argument !== '--check') ?? 'docs/compatibility/results.json';

writeBetweenMarkers({
  page: 'docs/compatibility/README.md',
  name: 'compatibility',
  text: render(JSON.parse(fs.readFileSync(file, 'utf8'))),
  check,
  remedy: `the table differs from ${file}. Run: node scripts/matrix/write-table.mjs`,
});

function render({ version, date, nodes, results }) {
  const head = ['Nest', 'Modules', 'Platform', ...nodes.map((node) => `Node ${node}`)];
  const notes = [];
  const lines = results.map(({ nest, modules, platform, nodes: byNode }) => [
    nest,
    modules === 'commonjs' ? 'CommonJS' : 'ES modules',
    platform === 'express' ? 'Express' : 'Fastify',
    ...nodes.map((node) => cell(byNode[node] ?? {}, notes)),
  ]);
  const rows = [head, head.map(() => '---'), ...lines].map((columns) => `| ${columns.join(' | ')} |`);
  const footnotes = notes.map((note, index) => `${mark(index)} not run: ${note}`);
  return [`nestjs-cors ${version}, run on ${date}:`, '', ...rows, ...footnotes.flatMap((note) => ['', note])].join(
    '\n',
  );
}

/** The checks of one cell, and the failed ones. */
function cell(checks, notes) {
  const entries = Object.entries(checks);
  const having = (outcome) => entries.filter(([, one]) => one.split(':')[0] === outcome);
  const failed = having('failed').map(([name]) => name);
  const passed = having('passed').map(([name]) => name);
  const left = having('not run').map(([name, outcome]) => {
    const note = outcome.slice('not run: '.length);
    if (!notes.includes(note)) {
      notes.push(note);
    }
    return `${name}${mark(notes.indexOf(note))}`;
  });
  return (
    [
      failed.length > 0 && `**failed: ${failed.join(', ')}**`,
      passed.length > 0 && passed.join(', '),
      left.length > 0 && `not ${left.join(', ')}`,
    ]
      .filter(Boolean)
      .join('; ') || 'not run'
  );
}

function mark(index) {
  return `<sup>${index + 1}</sup>`;
}
