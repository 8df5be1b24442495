import type { HandlerSpy } from '../support/handler-spy.js';
import type { Platform } from '../support/start-app.js';
import type { Question, Send } from './question.js';

/** A real package in a real application. Each file in `applications` exports one as its default. */
export interface Neighbour {
  /** The name in the table. */
  readonly name: string;
  /** The npm packages in the table. The table adds their versions. */
  readonly packages: readonly string[];
  /** The platforms on which it exists. @default both */
  readonly platforms?: readonly Platform['name'][];
  /** What the user must do, and the heading of its paragraph in docs/production/neighbours.md. */
  readonly todo?: { readonly text: string; readonly heading: string };
  /** Starts the application on a loopback port. Handlers report to `spy`. */
  start(platform: Platform, spy: HandlerSpy): Promise<Running>;
}

/** A running application with its neighbour, and what to ask it. */
export interface Running {
  /** Sends one request: over a socket, or as an event to a Lambda function. */
  readonly send: Send;
  close(): Promise<unknown>;
  /** Each is asked in four ways, in this order. The key is its name in the results; use `''` if there is one only. */
  readonly questions: Readonly<Record<string, Question>>;
  /** The error path of the neighbour: asked after the questions, by an allowed and by a refused origin. */
  readonly errors: Readonly<Record<string, Question>>;
}
