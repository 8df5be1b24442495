/** The name of the policy that every application has: add nothing, remove nothing, pass preflights on to the platform. */
export const UNTOUCHED_POLICY = 'untouched';
