import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerProgram } from '../../../local/jobs/worker-program';

describe("the program of a worker's image", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strata-worker-program-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const dockerfile = (text: string): void => writeFileSync(join(folder, 'Dockerfile'), text);

  it('is what stands behind -- in its ENTRYPOINT, with the folder in place of /app', () => {
    dockerfile('FROM x\nENTRYPOINT ["/strata/node", "/strata/worker.mjs", "--", "python3", "/app/a.py", "/apple"]\n');
    const { command, digest } = workerProgram(folder);
    expect(command).toEqual(['python3', join(folder, 'a.py'), '/apple']);
    writeFileSync(join(folder, 'a.py'), 'changed');
    expect(workerProgram(folder).digest).not.toBe(digest);
  });

  it('is missed where the folder is no worker, with what to change', () => {
    expect(() => workerProgram(folder)).toThrow('has no Dockerfile; name the folder of a worker');
    dockerfile('FROM x\n');
    expect(() => workerProgram(folder)).toThrow('ENTRYPOINT is missing; use ["/strata/node"');
    dockerfile('ENTRYPOINT ["python3", "a.py"]\n');
    expect(() => workerProgram(folder)).toThrow('ENTRYPOINT is ["python3", "a.py"]; use');
  });
});
