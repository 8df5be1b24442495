import type { CorsDecisionMessage } from 'nestjs-cors';
import type { Reply, Sent } from '../client.js';
import { type Violation, values } from './found.js';

/** Checks that the channel has one message for a request, and that the message says what was sent and answered. */
export function checkPublished(what: string, sent: Sent, reply: Reply): Violation[] {
  const own = reply.messages.filter((message) => isAbout(message, sent)); // an aborted request may publish late
  const [message] = own;
  const granted = values(reply, ALLOW_ORIGIN.toLowerCase()).join();
  const complaint =
    message === undefined || own.length > 1
      ? `${own.length} messages about it in ${JSON.stringify(reply.messages)}`
      : grantedBy(message) !== granted && message.decision.reason !== 'no-policy'
        ? `${JSON.stringify(message)}, but the answer grants ${granted || 'nothing'}`
        : undefined;
  const text = `${what} ${sent.method} ${sent.target} ${JSON.stringify(sent.headers)}: ${complaint}`;
  return complaint === undefined ? [] : [{ check: 'published', text }];
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';

function isAbout({ origin, method, path, preflight }: CorsDecisionMessage, sent: Sent): boolean {
  const requested = sent.headers['Access-Control-Request-Method'];
  const isPreflight = sent.method === 'OPTIONS' && sent.headers.Origin !== undefined && requested !== undefined;
  return (
    preflight === isPreflight &&
    origin === sent.headers.Origin &&
    method === (isPreflight ? requested : sent.method) &&
    path === sent.target.split('?', 1)[0]
  );
}

function grantedBy({ decision: { headers } }: CorsDecisionMessage): string {
  const at = headers.indexOf(ALLOW_ORIGIN);
  return at === -1 ? '' : (headers[at + 1] as string);
}
