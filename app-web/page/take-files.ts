/** Where a person can hand a file to the page. */
export interface FilePlaces {
  readonly drop: HTMLElement;
  readonly input: HTMLInputElement;
  readonly button: HTMLElement;
}

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** Takes one file at a time: dropped anywhere in the window, pasted, or chosen with a button. */
export function takeFiles({ drop, input, button }: FilePlaces, take: (file: File) => void): void {
  takeChosen(input, button, take);
  // The whole window accepts drops: with a file dropped beside the frame, the browser would leave the page.
  window.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.add('over');
  });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.classList.remove('over');
  });
  window.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove('over');
    takeFirst(event.dataTransfer?.files, take);
  });
  window.addEventListener('paste', (event) => takeFirst(event.clipboardData?.files, take));
}

/** Takes the files of an input that a button stands for. */
export function takeChosen(input: HTMLInputElement, button: HTMLElement, take: (file: File) => void): void {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    takeFirst(input.files, take);
    // Choosing the same file again must fire a change event.
    input.value = '';
  });
}

function takeFirst(files: FileList | null | undefined, take: (file: File) => void): void {
  const file = files?.[0];
  if (file !== undefined) take(file);
}
