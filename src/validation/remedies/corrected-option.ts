import type { PolicyProperty } from '../../policy/policy-options.js';
import { correctedAllowedHeaders, correctedExposedHeaders, correctedMethods } from './corrected-lists.js';
import { correctedOrigin, type OriginSafety } from './corrected-origin.js';
import { correctedEnforce, correctedMaxAge, correctedStatus, correctedSwitch } from './corrected-values.js';

/**
 * The value most likely meant for an option: always a valid one, so that the code a remedy shows boots as written.
 */
export function correctedOption(property: PolicyProperty, value: unknown, safety: OriginSafety): unknown {
  switch (property) {
    case 'origin':
      return correctedOrigin(value, safety);
    case 'methods':
      return correctedMethods(value);
    case 'allowedHeaders':
      return correctedAllowedHeaders(value);
    case 'exposedHeaders':
      return correctedExposedHeaders(value, safety.credentials);
    case 'maxAge':
      return correctedMaxAge(value);
    case 'optionsSuccessStatus':
      return correctedStatus(value);
    case 'enforce':
      return correctedEnforce(value);
    default:
      return correctedSwitch(value);
  }
}
