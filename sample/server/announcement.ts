import { curlCommand, curlLines } from './curl-lines.js';

export interface Addresses {
  readonly platform: string;
  readonly api: string;
  readonly app: string;
  readonly partner: string;
  /** An origin that no policy lists. */
  readonly evil: string;
  /** Another one. It belongs to a tenant once the front end adds it. */
  readonly shop: string;
}

/** The text that is printed when both servers run. */
export function announcement({ platform, api, app, partner, evil, shop }: Addresses): string {
  const curl = curlLines(app, evil).flatMap((line) => [`  # ${line.says}`, `  ${curlCommand(line, api)}`, '']);
  return [
    '',
    `The API runs on ${platform} at ${api}`,
    '',
    'Open in a browser: the same page, four origins',
    `  ${app}      the front end of this API`,
    `  ${partner}  a partner, allowed by some routes`,
    `  ${evil}     a stranger`,
    `  ${shop}     a shop that the front end can allow while the API runs`,
    '',
    'Or in a terminal',
    ...curl,
    'Ctrl+C stops it.',
    '',
  ].join('\n');
}
