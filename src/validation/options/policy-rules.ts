import type { PolicyProperty } from '../../policy/policy-options.js';
import type { OptionRule } from './options-table.js';

/** What the options of a policy must be. Their values are checked once they are merged: `validatePolicy`. */
export const POLICY_RULES: { readonly [name in PolicyProperty]: OptionRule } = Object.freeze({
  origin: {
    must: "'*', an origin, a pattern, a predicate, a resolver class or a list",
    example: "'https://app.example.com'",
  },
  methods: { must: 'a list of method names', example: "['GET', 'PUT']" },
  allowedHeaders: { must: 'a list of header names', example: "['content-type', 'authorization']" },
  exposedHeaders: { must: 'a list of header names', example: "['x-total-count']" },
  credentials: { must: 'true or false', example: 'false' },
  maxAge: { must: 'a whole number of seconds from 0 to 86400', example: '600' },
  optionsSuccessStatus: { must: 'a whole number from 200 to 299', example: '204' },
  enforce: { must: "false, 'unsafe-methods' or 'all'", example: "'unsafe-methods'" },
  dangerouslyAllowInsecureOrigins: { must: 'true or false', example: 'false' },
});
