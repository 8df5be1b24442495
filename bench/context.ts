import type { Progress } from './progress.js';
import type { Settings } from './settings.js';

/** What every suite is given. */
export interface Context {
  readonly settings: Settings;
  readonly progress: Progress;
  /** The folder of the project, and of the revision that it is compared with. */
  readonly checkouts: { readonly project: string; readonly base: string | undefined };
}
