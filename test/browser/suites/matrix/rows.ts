import { credentialRows } from './credential-rows.js';
import { enforcementRows } from './enforcement-rows.js';
import { headerRows } from './header-rows.js';
import { methodRows } from './method-rows.js';
import { originRows } from './origin-rows.js';
import { redirectRows } from './redirect-rows.js';
import { responseRows } from './response-rows.js';
import type { Row } from './row.js';

export const ROWS: readonly Row[] = Object.freeze([
  ...originRows,
  ...methodRows,
  ...headerRows,
  ...credentialRows,
  ...redirectRows,
  ...responseRows,
  ...enforcementRows,
]);
