/** The length at which a text from the network is cut, in characters. */
const LONGEST = 200;

/** Quotes and cuts a text from the network for a log. It escapes characters that end a line, hide text or colour a terminal. */
export function logText(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
