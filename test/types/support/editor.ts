import path from 'node:path';
import ts from 'typescript';

/** The text that an editor shows on hover. */
export interface QuickInfo {
  readonly title: string;
  readonly text: string;
  /** Tags of the docstring, for example `@default false`. */
  readonly tags: readonly string[];
}

const IMPORTS = "import { Cors, CorsModule, CorsService, DisableCors } from 'nestjs-cors';\n";

/** An editor with one open file, using TypeScript's language service. */
export class Editor {
  readonly #service: ts.LanguageService;
  #text = '';
  #version = 0;
  readonly #file: string;

  /** @param file need not exist; its folder and extension determine how its imports are resolved */
  constructor(file: string, settings: ts.CompilerOptions) {
    this.#file = file;
    this.#service = ts.createLanguageService({
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCompilationSettings: () => ({ ...settings, noEmit: true }),
      getCurrentDirectory: () => path.dirname(file),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getScriptFileNames: () => [this.#file],
      getScriptVersion: (name) => (name === this.#file ? String(this.#version) : '0'),
      getScriptSnapshot: (name) => {
        const text = name === this.#file ? this.#text : ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
    });
  }

  /** The hover text at each place marked by `|`. */
  hover(code: string): QuickInfo[] {
    return this.#open(code).map((position) => {
      const info = this.#service.getQuickInfoAtPosition(this.#file, position);
      return {
        title: ts.displayPartsToString(info?.displayParts),
        text: ts.displayPartsToString(info?.documentation),
        tags: (info?.tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`),
      };
    });
  }

  /** The names and values suggested at the place marked by `|`, without global names. */
  suggestions(code: string): string[] {
    const [position = 0] = this.#open(code);
    const completions = this.#service.getCompletionsAtPosition(this.#file, position, {});
    return completions === undefined || completions.isGlobalCompletion
      ? []
      : completions.entries.map(({ name }) => name);
  }

  /** The messages below the code, as they are shown. */
  messages(code: string): string[] {
    this.#open(code);
    return [
      ...this.#service.getSyntacticDiagnostics(this.#file),
      ...this.#service.getSemanticDiagnostics(this.#file),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  /** Replaces the text of the file, and returns the marked places. */
  #open(code: string): number[] {
    const parts = (IMPORTS + code).split('|');
    this.#text = parts.join('');
    this.#version++;
    let position = 0;
    return parts.slice(0, -1).map((part) => (position += part.length));
  }
}
