// Writes the table of what `npm run matrix` found into docs/compatibility.md, and into README.md if it has a place for
// it. Only what lies between the two markers changes. Argument: the file of results, docs/compatibility.json if absent.
// `--check` writes nothing and fails where a table is not what the results say.
import fs from 'node:fs';

const START = '<!-- compatibility:start -->';
const END = '<!-- compatibility:end -->';
const PAGE = 'docs/compatibility.md';
const check = process.argv.includes('--check');
const file = process.argv.slice(2).find((argument) => argument !== '--check') ?? 'docs/compatibility.json';

const table = render(JSON.parse(fs.readFileSync(file, 'utf8')));
write(PAGE, true);
if (fs.existsSync('README.md')) {
  write('README.md', false);
}

function write(page, required) {
  const text = fs.existsSync(page) ? fs.readFileSync(page, 'utf8') : '';
  const start = text.indexOf(START);
  const end = text.indexOf(END, start);
  if (start === -1 && !required && !text.includes(END)) {
    console.log(`${page} has no table`);
    return;
  }
  if (start === -1 || end === -1) {
    console.error(`${page} needs ${START} and, after it, ${END}: the table goes between them.`);
    process.exitCode = 1;
    return;
  }
  const written = `${text.slice(0, start + START.length)}\n${table}\n${text.slice(end)}`;
  if (written === text) {
    return;
  }
  if (check) {
    console.error(`${page}: the table is not what ${file} says. Run: node scripts/matrix/write-table.mjs`);
    process.exitCode = 1;
    return;
  }
  fs.writeFileSync(page, written);
  console.log(`wrote the table in ${page}`);
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

/** What was run in one place, and what failed there. */
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
