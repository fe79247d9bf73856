import { element } from '../element';
import { keep, readKept } from '../kept-list';
import { formatTime } from './format';

export interface RecentFile {
  readonly jobId: string;
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
}

const KEY = 'recent-files';
const MOST = 10;

/** The last files, in this browser only. */
export function readRecentFiles(): RecentFile[] {
  return readKept<RecentFile>(
    KEY,
    ({ jobId, name, at }) => typeof jobId === 'string' && typeof name === 'string' && !Number.isNaN(Date.parse(at)),
  );
}

export function addRecentFile(file: RecentFile): void {
  keep(KEY, [file, ...readRecentFiles().filter(({ jobId }) => jobId !== file.jobId)].slice(0, MOST));
}

export function clearRecentFiles(): void {
  keep(KEY, []);
}

export function nameOf(id: string): string | undefined {
  return readRecentFiles().find(({ jobId }) => jobId === id)?.name;
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
