import type { Difference, Exclusion } from './difference.js';
import { FIREFOX_DIFFERENCES, FIREFOX_EXCLUSIONS } from './firefox.js';
import { WEBKIT_DIFFERENCES, WEBKIT_EXCLUSIONS } from './webkit.js';

/** Every way in which browsers differ from `openPage`, which follows Chromium. */
export const DIFFERENCES: readonly Difference[] = Object.freeze([...FIREFOX_DIFFERENCES, ...WEBKIT_DIFFERENCES]);
export const EXCLUSIONS: readonly Exclusion[] = Object.freeze([...FIREFOX_EXCLUSIONS, ...WEBKIT_EXCLUSIONS]);
