import fs from 'node:fs';

/**
 * Replaces the text between `<!-- NAME:start -->` and `<!-- NAME:end -->` of a page, and sets the exit code to 1 if the
 * page lacks the markers.
 *
 * @param {{ page: string, name: string, text: string, check: boolean, remedy: string }} options With `check` nothing
 * is written, and another text sets the exit code to 1 and prints the `remedy`.
 */
export function writeBetweenMarkers({ page, name, text, check, remedy }) {
  const [startMarker, endMarker] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const old = fs.existsSync(page) ? fs.readFileSync(page, 'utf8') : '';
  const start = old.indexOf(startMarker);
  const end = old.indexOf(endMarker, start);
  if (start === -1 || end === -1) {
    console.error(`${page} needs ${startMarker} and, after it, ${endMarker}: the table goes between them.`);
    process.exitCode = 1;
    return;
  }
  const written = `${old.slice(0, start + startMarker.length)}\n${text}\n${old.slice(end)}`;
  if (written === old) {
    return;
  }
  if (check) {
    console.error(`${page}: ${remedy}`);
    process.exitCode = 1;
    return;
  }
  fs.writeFileSync(page, written);
  console.log(`wrote the table in ${page}`);
}
