import { element } from '../element';
import { formatTime } from './format';

export interface RecentFile {
  readonly jobId: string;
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
}

const KEY = 'recent-files';
const MOST = 10;

/** The last files, in this browser only. Empty where the browser stores nothing. */
export function readRecentFiles(): RecentFile[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept)
      ? (kept as RecentFile[]).filter(
          ({ jobId, name, at }) =>
            typeof jobId === 'string' && typeof name === 'string' && !Number.isNaN(Date.parse(at)),
        )
      : [];
  } catch {
    return [];
  }
}

export function addRecentFile(file: RecentFile): void {
  write([file, ...readRecentFiles().filter(({ jobId }) => jobId !== file.jobId)].slice(0, MOST));
}

export function clearRecentFiles(): void {
  write([]);
}

export function nameOf(id: string): string | undefined {
  return readRecentFiles().find(({ jobId }) => jobId === id)?.name;
}

function write(files: readonly RecentFile[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(files));
  } catch {
    return;
  }
}

export function showRecentFiles(): void {
  const files = readRecentFiles();
  element('recent').hidden = files.length === 0;
  element('recent-list').replaceChildren(
    ...files.map(({ jobId, name, at }) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = `#${jobId}`;
      const label = document.createElement('span');
      label.textContent = name;
      const time = document.createElement('time');
      time.dateTime = at;
      time.textContent = formatTime(at);
      link.append(label, time);
      item.append(link);
      return item;
    }),
  );
}
