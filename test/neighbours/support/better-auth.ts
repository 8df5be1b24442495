import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { headerValues } from '../../support/requests/http-message.js';
import { PAGE, type Question, type Send } from '../question.js';

const ACCOUNT = { name: 'Ada', email: 'ada@example.com', password: 'a long password' };
const JSON_BODY = { 'Content-Type': 'application/json' };

/** An authentication with accounts in memory. */
export function newAuth() {
  return betterAuth({
    secret: 'a secret of at least 32 characters',
    baseURL: 'https://api.example.com',
    trustedOrigins: [PAGE],
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
  });
}

/** Signs a new user up. Returns the questions about signing in and reading the session, and those about errors. */
export async function authQuestions(send: Send): Promise<Record<'questions' | 'errors', Record<string, Question>>> {
  const post = (path: string, body: object) => ({
    method: 'POST',
    path: `/api/auth/${path}`,
    headers: JSON_BODY,
    body: JSON.stringify(body),
    asks: 'content-type',
    credentials: true,
  });
  const signedUp = await send(post('sign-up/email', ACCOUNT));
  const cookies = headerValues(signedUp, 'set-cookie').map((cookie) => cookie.split(';')[0]);
  const session = { path: '/api/auth/get-session', headers: { Cookie: cookies.join('; ') }, credentials: true };
  const rename = post('update-user', { name: 'Ada Lovelace' });
  return {
    questions: {
      'sign in': { ...post('sign-in/email', ACCOUNT), work: (answer) => headerValues(answer, 'set-cookie').length > 0 },
      session: { ...session, work: ({ text }) => text.includes(ACCOUNT.email) },
      // better-auth refuses writes with a session from origins outside `trustedOrigins`.
      'write with session': {
        ...rename,
        headers: { ...rename.headers, ...session.headers },
        instead: { 'request refused': { status: 403 } },
        work: ({ status, text }) => status === 200 || text.includes('Invalid origin'),
      },
    },
    errors: {
      'wrong password': {
        ...post('sign-in/email', { ...ACCOUNT, password: 'another password' }),
        status: 401,
        work: ({ text }) => text.includes('INVALID_EMAIL_OR_PASSWORD'),
      },
    },
  };
}
