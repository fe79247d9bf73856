import { Failure } from '../answer';
import type { UploadForm } from './jobs-api';

/** Files that programs call text, or do not name: what a file of comments may be. */
const NOT_TEXT = /^(image|audio|video|font)\/|zip|pdf|officedocument|octet-stream$/;

/** @throws Failure for a file that cannot be one of comments */
export function checkFile(file: File): void {
  if (file.size === 0) throw new Failure('comments_empty');
  if (NOT_TEXT.test(file.type)) throw new Failure('not_csv');
}

/** Posts a file straight to the bucket, and reports the upload's progress, which `fetch` cannot. */
export function uploadFile(
  { url, fields }: UploadForm['upload'],
  file: File,
  props: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) props.onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new Failure(request.responseText.includes('EntityTooLarge') ? 'too_large' : 'upload_refused'));
    });
    // Without CORS headers an answer cannot be told from none. S3 breaks off an upload that is too large.
    request.addEventListener('error', () => reject(new Failure('upload_broken')));
    request.addEventListener('abort', () => reject(new Failure('cancelled')));
    props.signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    // S3 ignores what comes behind the file.
    form.append('file', file);
    request.send(form);
  });
}
