import { readFileSync } from 'node:fs';
import path from 'node:path';

export type Level = 'must' | 'should' | 'choice';
export type CredentialsMode = 'omit' | 'include';
export type Verdict = 'pass' | 'fail' | 'shared' | 'blocked';

/** A header's value in a vector: text, lines, or a recipe for long text. */
export type HeaderRecipe = string | readonly string[] | { readonly $gen: Record<string, unknown> };

export interface VectorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, HeaderRecipe>>;
  readonly body?: string;
}

export interface VectorExpectation {
  readonly configError?: boolean;
  readonly errorKind?: string;
  readonly minErrors?: number;
  readonly status?: number;
  readonly handler?: 'called' | 'not-called' | 'any';
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly varyIncludes?: readonly string[];
  readonly varyExcludes?: readonly string[];
  readonly varyNoDuplicates?: boolean;
  readonly headerIncludes?: Readonly<Record<string, readonly string[]>>;
  readonly headerExcludes?: Readonly<Record<string, readonly string[]>>;
  readonly singleValued?: readonly string[];
  readonly maxMs?: number;
  readonly maxResponseHeaderBytes?: number;
  readonly repeat?: number;
  readonly policyParity?: boolean;
  readonly body?: string;
  readonly browser?: Readonly<Record<CredentialsMode, Verdict>>;
}

export interface VectorConfig {
  readonly global: unknown;
  readonly class?: unknown;
  readonly handler?: unknown;
  readonly handlerOn?: string;
}

export interface Vector {
  readonly id: string;
  readonly level: Level;
  readonly why: string;
  readonly platform?: string;
  readonly fixture?: string;
  readonly config: VectorConfig;
  readonly request?: VectorRequest;
  readonly expect: VectorExpectation;
  readonly transport?: string;
}

const folder = path.join(process.cwd(), 'test', 'conformance');

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

export function readVectors(): { count: number; vectors: readonly Vector[] } {
  const file = readJson('vectors.json') as { meta: { count: number }; vectors: Vector[] };
  return { count: file.meta.count, vectors: file.vectors };
}

/** The ids of vectors that fail for now. A vector that passes must be removed. */
export function readKnownGaps(): readonly string[] {
  return readJson('known-gaps.json') as string[];
}
