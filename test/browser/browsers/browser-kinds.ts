import type { BrowserKind } from './browser.js';
import { chromium } from './chromium.js';
import { firefox } from './firefox.js';
import { webkit } from './webkit.js';

/** In the order they are run and reported. */
export const BROWSER_KINDS: readonly BrowserKind[] = Object.freeze([chromium, firefox, webkit]);
