import { copyLines } from '../../../modules/worker-runtime/store/copy-lines';

describe("COPY's lines", () => {
  it.each([1, 7, 4096])('are the same however the file is cut (%i bytes)', async (size) => {
    const rows = [{ text: 'a\tb\nc\\d' }, { text: '한글 "quoted"' }, {}];
    const file = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'utf8');
    const chunks = (async function* () {
      for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
    })();
    let text = '';
    for await (const lines of copyLines(chunks, { month: '2026-11-01', jobId: 'j\\1', attempt: 3 }))
      text += lines.toString('utf8');
    expect(text.split('\n')).toEqual([
      '2026-11-01\tj\\\\1\t3\t1\t{"text":"a\\\\tb\\\\nc\\\\\\\\d"}',
      '2026-11-01\tj\\\\1\t3\t2\t{"text":"한글 \\\\"quoted\\\\""}',
      '2026-11-01\tj\\\\1\t3\t3\t{}',
      '',
    ]);
  });
});
