import type { CorsPolicyOptions } from 'nestjs-cors';
import { APPLICATION_WIDE, EVERYONE, type GeneratedPolicy, originOf } from '../applications/application-model.js';

type Form = (own: string) => GeneratedPolicy;

/** Policies that refuse for different reasons. */
const FORMS: readonly Form[] = [
  (own) => ({ origin: [EVERYONE, own], exposedHeaders: ['x-own'] }),
  (own) => ({ origin: [EVERYONE, own], methods: ['GET'], enforce: 'all' }),
  (own) => ({ origin: [EVERYONE, own], credentials: true, allowedHeaders: ['x-a'], maxAge: 60 }),
  () => ({ origin: '*', allowedHeaders: ['*'] }),
  (own) => ({ origin: (origin: string) => origin === own, enforce: 'unsafe-methods' }),
  (own) => ({ origin: async (origin: string) => origin === own, credentials: true }),
  (own) => ({ origin: [own], methods: ['SEARCH'], enforce: 'all', credentials: true }),
  () => 'disabled',
  () => ({ credentials: true }),
  () => ({ maxAge: 60 }),
];

/** The same policy for a label in every application. */
export function variedPolicy(allowedHeaders: readonly string[]): (label: string) => GeneratedPolicy {
  return (label) => {
    const own = originOf(label);
    if (label === APPLICATION_WIDE) {
      return { origin: [EVERYONE, own], allowedHeaders: [...allowedHeaders] } satisfies CorsPolicyOptions;
    }
    const sum = [...label].reduce((total, character) => total * 31 + character.charCodeAt(0), 7);
    return (FORMS[sum % FORMS.length] as Form)(own);
  };
}
