// Writes the results of `npm run matrix` as a table into docs/compatibility/README.md, between the two markers.
// Argument: the file of results (default: docs/compatibility/results.json). `--check` writes nothing, and fails if the
// table differs from the results.
import fs from 'node:fs';

const START = '<!-- compatibility:start -->';
const END = '<!-- compatibility:end -->';
const PAGE = 'docs/compatibility/README.md';
const check = process.argv.includes('--check');
const file = process.argv.slice(2).find((argument) => argument !== '--check') ?? 'docs/compatibility/results.json';

const table = render(JSON.parse(fs.readFileSync(file, 'utf8')));
const text = fs.existsSync(PAGE) ? fs.readFileSync(PAGE, 'utf8') : '';
const start = text.indexOf(START);
const end = text.indexOf(END, start);
if (start === -1 || end === -1) {
  console.error(`${PAGE} needs ${START} and, after it, ${END}: the table goes between them.`);
  process.exit(1);
}
const written = `${text.slice(0, start + START.length)}\n${table}\n${text.slice(end)}`;
if (written !== text && check) {
  console.error(`${PAGE}: the table differs from ${file}. Run: node scripts/matrix/write-table.mjs`);
  process.exit(1);
}
if (written !== text) {
  fs.writeFileSync(PAGE, written);
  console.log(`wrote the table in ${PAGE}`);
}

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
