import type { Progress } from './progress.js';
import type { Settings } from './settings.js';

/** What every suite is given. */
export interface Context {
  readonly settings: Settings;
  readonly progress: Progress;
}
