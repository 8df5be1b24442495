/**
 * Makes an element. Text is always text: nothing that comes from a response is parsed as HTML.
 *
 * @param {string} name of the element, with classes as in `p.note.small`
 * @param {Record<string, string>} attributes
 * @param {...(Node | string | undefined | false)} children
 */
export function element(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const made = document.createElement(tag);
  if (classes.length > 0) {
    made.className = classes.join(' ');
  }
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}
