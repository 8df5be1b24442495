/** The longest text from the network that is logged, in characters. */
const LONGEST = 200;

/**
 * Makes a text from the network safe for one line of a log: quoted, cut, and with everything escaped that could end the
 * line, hide text or colour a terminal.
 */
export function logText(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
