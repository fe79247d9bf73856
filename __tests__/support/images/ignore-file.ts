import { readFileSync } from 'node:fs';

/** Whether an ignore file leaves a path out: the last pattern that matches the path, or a folder above it, decides. */
export function readIgnoreFile(file: string): (path: string) => boolean {
  const patterns = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      out: !line.startsWith('!'),
      expression: new RegExp(`^${expression(line.replace(/^!/, ''))}(?:/|$)`),
    }));
  return (path) => patterns.reduce((out, pattern) => (pattern.expression.test(path) ? pattern.out : out), false);
}

/** `**` stands for any folders, `*` for any name. */
function expression(pattern: string): string {
  return pattern
    .split('**/')
    .map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^/]*'))
    .join('(?:.*/)?');
}
