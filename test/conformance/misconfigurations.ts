import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The answer to a request: a list of values stands for several header lines. */
export type Reproduction =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string;
    }
  | { readonly reset: true };

/** What one engine did. `keys` are console categories of Firefox; `label` is our name for a message of WebKit. */
export interface Observation {
  readonly readable: boolean;
  readonly error?: string;
  readonly keys?: readonly string[];
  readonly label?: string;
  readonly parameter?: string;
  readonly status?: number;
  readonly warning?: string;
  readonly detail: string;
}

/** A misconfiguration that was run in three browsers. `{PAGE}`, `{API}` and `{API2}` stand for origins. */
export interface Misconfiguration {
  readonly id: string;
  readonly where: 'preflight' | 'actual' | 'redirect' | 'network' | 'client' | 'embed' | 'none';
  readonly reproduce: { readonly preflight: Reproduction; readonly actual: Reproduction };
  readonly request: {
    readonly method: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly credentials: 'omit' | 'include';
    readonly mode?: 'no-cors' | 'same-origin';
    readonly by?: 'img';
    readonly from?: 'sandboxed iframe';
    readonly url?: string;
    readonly reads?: string;
    readonly preflighted: boolean;
  };
  readonly browserVerdict: {
    readonly measured: true;
    readonly chromium: Observation;
    readonly firefox: Observation;
    readonly webkit: Observation;
  };
}

const PLACES: Readonly<Record<string, string>> = {
  '{PAGE}': 'http://localhost:3000',
  '{API}': 'http://localhost:3001',
  '{API2}': 'http://localhost:3002',
  '{PAGE_PORT}': '3000',
  '{API_PORT}': '3001',
  '{API2_PORT}': '3002',
  '{CLOSED_PORT}': '3003',
};

/**
 * The misconfigurations that browsers ran, with every placeholder filled in.
 * @param places by placeholders, for example `{API}`
 */
export function readMeasured(places = PLACES): readonly Misconfiguration[] {
  const file = path.join(process.cwd(), 'test/conformance/misconfigurations.json');
  const text = readFileSync(file, 'utf8').replace(/\{[A-Z\d_]+\}/g, (place) => places[place] ?? place);
  return (JSON.parse(text) as Misconfiguration[]).filter(({ browserVerdict }) => browserVerdict.measured);
}
