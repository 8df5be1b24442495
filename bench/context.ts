import type { Progress } from './progress.js';
import type { Settings } from './settings.js';

/** The input of every suite. */
export interface Context {
  readonly settings: Settings;
  readonly progress: Progress;
  /** The folders of the project and of the base revision. */
  readonly checkouts: { readonly project: string; readonly base: string | undefined };
}
