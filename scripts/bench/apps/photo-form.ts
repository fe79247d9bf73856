/** A request body that is ready to be sent: a photo in a form. */
export interface Form {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
}

/** A photo as a browser sends it. */
export function photoForm(
  photo: Buffer,
  options: { readonly field?: string; readonly filename?: string; readonly type?: string } = {},
): Form {
  const boundary = '----photo0123456789abcdef';
  const { field = 'file', filename = 'photo.jpg', type = 'image/jpeg' } = options;
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: ` +
    `${type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), photo, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return {
    body,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length },
  };
}
