import { readFileSync, writeFileSync } from 'node:fs';

/** If it is 1, tests write the documents that they otherwise compare. */
const WRITE = 'NESTJS_CORS_WRITE_DOCS';

/** The start and end of a section: from its heading to the next one of the same depth. */
function bounds(text: string, heading: string): [number, number] {
  const start = text.indexOf(`## ${heading}\n`);
  if (start === -1) {
    throw new Error(`There is no section "${heading}".`);
  }
  const next = text.indexOf('\n## ', start);
  return [start, next === -1 ? text.length : next + 1];
}

/** A section of a Markdown document that a test generates. */
export class GeneratedSection {
  readonly #file: string;
  readonly #heading: string;

  constructor(file: string, heading: string) {
    this.#file = file;
    this.#heading = heading;
  }

  /** The current text of the section; `text`, after writing it, if documents are to be written. */
  committed(text: string): string {
    const document = readFileSync(this.#file, 'utf8');
    const [start, end] = bounds(document, this.#heading);
    const head = `## ${this.#heading}\n\n`;
    if (process.env[WRITE] === '1') {
      const rest = document.slice(end);
      writeFileSync(this.#file, `${document.slice(0, start)}${head}${text}\n${rest === '' ? '' : `\n${rest}`}`);
      return text;
    }
    return document.slice(start + head.length, end).trimEnd();
  }
}

/** A Markdown table; bars and line breaks in cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
