import { Failure, type Result } from './answer';
import { currentLanguage } from './language-switch';

/** Sends a photo and reports the upload's progress, which `fetch` cannot. */
export function classify(
  photo: Blob,
  name: string,
  props: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/classify/image');
    request.responseType = 'json';
    // Longer than every timeout behind it, so that the answer says which one was reached.
    request.timeout = 120_000;
    request.setRequestHeader('Accept-Language', currentLanguage());
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) props.onProgress(event.loaded / event.total);
    });
    request.upload.addEventListener('load', () => props.onProgress(1));
    request.addEventListener('load', () => {
      const answer = request.response as { result?: Result; error?: { code?: string }; requestId?: string } | null;
      if (request.status === 200 && answer?.result !== undefined) resolve(answer.result);
      else reject(new Failure(answer?.error?.code ?? 'other', answer?.requestId));
    });
    request.addEventListener('error', () => reject(new Failure('offline')));
    request.addEventListener('timeout', () => reject(new Failure('was_timeout')));
    request.addEventListener('abort', () => reject(new Failure('cancelled')));
    props.signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', photo, name);
    request.send(form);
  });
}
