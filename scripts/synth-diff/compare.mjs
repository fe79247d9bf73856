// The differences between two outputs, as paths with the values on both sides.

/** Characters of a value that are shown. */
const WIDTH = 160;
const MISSING = '(missing)';

/**
 * Ids of policy statements (`Sid`) are not compared.
 *
 * @param {ReadonlyMap<string, unknown>} before by file
 * @param {ReadonlyMap<string, unknown>} after
 * @returns {{ path: string, before: string, after: string }[]} those within files first; `path` is the file, with a JSON path behind it where the file is in both
 */
export function compareOutputs(before, after) {
  const files = [...new Set([...before.keys(), ...after.keys()])].sort();
  const [inBoth, inOne] = [true, false].map((both) =>
    files.filter((file) => (before.has(file) && after.has(file)) === both),
  );
  return [
    ...inBoth.flatMap((file) => [...differences(before.get(file), after.get(file), `${file}:`)]),
    ...inOne.map((file) => ({
      path: file,
      before: before.has(file) ? 'a file' : MISSING,
      after: after.has(file) ? 'a file' : MISSING,
    })),
  ];
}

/** A policy's text without the ids of its statements, which say nothing about what it allows. */
function withoutStatementIds(value) {
  return typeof value === 'string' ? value.replaceAll(/"Sid":\s*"[^"]*",?/g, '') : value;
}

function* differences(before, after, path) {
  if (Object.is(before, after) || withoutStatementIds(before) === withoutStatementIds(after)) return;
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    const start = firstDifference(before, after);
    yield { path, before: show(before, start), after: show(after, start) };
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    yield* differences(
      before[key],
      after[key],
      Array.isArray(before)
        ? `${path}[${key}]`
        : `${path}${/^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`,
    );
  }
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** Where two texts part; 0 for anything else. */
function firstDifference(before, after) {
  if (typeof before !== 'string' || typeof after !== 'string') return 0;
  let index = 0;
  while (index < before.length && before[index] === after[index]) index += 1;
  return index;
}

/** A value on one line; of a long one, the part from shortly before `start`. */
function show(value, start) {
  if (value === undefined) return MISSING;
  const text = JSON.stringify(value);
  if (text.length <= WIDTH) return text;
  const from = Math.max(0, start - WIDTH / 4);
  const part = text.slice(from, from + WIDTH);
  return `${from > 0 ? '…' : ''}${part}${from + WIDTH < text.length ? '…' : ''}`;
}
