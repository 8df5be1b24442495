import { METHODS } from 'node:http';

/** The methods of requests that can arrive: Node answers any other with 400, before an application sees it. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);
