import fs from 'node:fs';
import path from 'node:path';

/** A fenced block of a page. */
export interface CodeBlock {
  readonly kind: 'code';
  /** Its location for failure messages, for example `docs/recipes.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
  /**
   * The file that its first line names in a comment, for example `orders.controller.ts`; otherwise a name with its
   * line.
   */
  readonly file: string;
  /** The paragraph before it. */
  readonly introduction: string;
}

/** A table of a page. */
export interface Table {
  readonly kind: 'table';
  readonly place: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The paragraph before it. */
  readonly introduction: string;
}

/** The code and the tables below one heading. Its blocks are files of one application. */
export interface Section {
  readonly page: string;
  readonly title: string;
  readonly parts: readonly (CodeBlock | Table)[];
  /** Files of earlier sections of the page, by name. Only the introduction of a page shares its `app.module.ts`. */
  readonly earlier: Readonly<Record<string, string>>;
}

/** Every page for users. */
export const PAGES: readonly string[] = Object.freeze([
  'README.md',
  ...fs
    .readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
]);

/** Reads the sections of a page: each heading begins one. */
export function readSections(page: string): Section[] {
  const lines = fs.readFileSync(page, 'utf8').split('\n');
  const sections: (Section & { parts: (CodeBlock | Table)[] })[] = [];
  let earlier: Record<string, string> = {};
  let paragraph = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as string;
    const place = `${page}:${index + 1}`;
    const last = sections.at(-1);
    if (/^#+ /.test(line)) {
      earlier = { ...earlier, ...namedFiles(last, sections.length === 1) };
      sections.push({ page, title: line.replace(/^#+ /, ''), parts: [], earlier });
    } else if (line.startsWith('```')) {
      const end = lines.indexOf('```', index + 1);
      const code = `${lines.slice(index + 1, end).join('\n')}\n`;
      const file = /^\/\/ (?:[\w-]+\/)*([\w.-]+\.ts)\n/.exec(code)?.[1] ?? `line-${index + 1}.ts`;
      last?.parts.push({ kind: 'code', place, language: line.slice(3), code, file, introduction: paragraph });
      index = end;
    } else if (line.startsWith('|')) {
      const [columns = [], , ...rows] = rowsFrom(lines, index);
      last?.parts.push({ kind: 'table', place, columns, rows, introduction: paragraph });
      index += rows.length + 1;
    } else if (line !== '') {
      paragraph = lines[index - 1] === '' ? line : `${paragraph}\n${line}`;
    }
  }
  return sections;
}

/** The TypeScript blocks of a section. */
export function programOf({ parts }: Section): CodeBlock[] {
  return parts.filter((part): part is CodeBlock => part.kind === 'code' && part.language === 'ts');
}

/** Whether a part applies to a platform. A part below "On Express ..." and the tables after it do not apply to Fastify. */
export function appliesTo(part: CodeBlock | Table, { parts }: Section, platform: 'express' | 'fastify'): boolean {
  const [block] = parts
    .slice(0, parts.indexOf(part))
    .filter(({ kind }) => kind === 'code')
    .reverse();
  const named = [part, ...(part.kind === 'table' && block !== undefined ? [block] : [])]
    .map(({ introduction }) => /^On (Express|Fastify)\b/.exec(introduction)?.[1]?.toLowerCase())
    .find((name) => name !== undefined);
  return named === undefined || named === platform;
}

/** The folder of a section's files, which exists in memory only. */
export function folderOf({ page, title }: Section): string {
  return path.resolve('test/docs/examples', `${page} ${title}`.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
}

function namedFiles(section: Section | undefined, isIntroduction: boolean): Record<string, string> {
  const blocks = section === undefined ? [] : programOf(section);
  const own = isIntroduction ? /^(?:line-\d+|main)\.ts$/ : /^(?:line-\d+|app\.module|main)\.ts$/;
  const shared = blocks.filter(({ file }) => !own.test(file));
  return Object.fromEntries(shared.map(({ file, code }) => [file, code]));
}

function rowsFrom(lines: readonly string[], start: number): string[][] {
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start, end === -1 ? undefined : end).map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}
