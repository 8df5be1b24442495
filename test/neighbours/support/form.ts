/** The headers and the body of a form with one file. */
export function formOf(content: string, field = 'file') {
  const lines = [
    '--boundary',
    `Content-Disposition: form-data; name="${field}"; filename="note.txt"`,
    'Content-Type: text/plain',
    '',
    content,
    '--boundary--',
    '',
  ];
  return { headers: { 'Content-Type': 'multipart/form-data; boundary=boundary' }, body: lines.join('\r\n') };
}
