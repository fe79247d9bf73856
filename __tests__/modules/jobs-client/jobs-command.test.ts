import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobsCommand } from '../../../modules/jobs-client/command/jobs-command';

/** Answers of an API: `METHOD path?query` -> status and body; what is not here is 404. */
type Answers = Record<string, readonly [number, unknown]>;

const job = (jobId: string, state: string, more: object = {}) => ({
  ...{ jobId, kind: 'sentiment', state, attempt: 1, progress: null, progressNote: null, rows: null, summary: null },
  ...{ errorCode: null, errorMessage: null, createdAt: '2026-11-29T00:00:00Z', finishedAt: null, ...more },
});

let server: Server;
let url: string;
let answers: Answers;
let asked: string[];
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, body] = answers[asked.at(-1)!] ?? [404, { error: { code: 'not_found', message: 'there is none' } }];
    request
      .resume()
      .on('end', () => response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'strata-jobs-command-'));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  [answers, asked] = [{}, []];
});

async function type(...args: string[]) {
  return typeWith({ STRATA_JOBS_URL: url }, ...args);
}
async function typeWith(environment: NodeJS.ProcessEnv, ...args: string[]) {
  let [written, said] = ['', ''];
  const code = await jobsCommand(args, {
    environment,
    write: (text) => void (written += text),
    say: (text) => void (said += text),
    drainPauseMilliseconds: 1,
  });
  return { code, written, said };
}

describe('strata-jobs', () => {
  it.each([
    [['frob'], '"frob" is not a command; use one of submit, wait, list'],
    [['submit'], 'submit takes one file, and none is given'],
    [['submit', 'a.csv'], 'add --kind, such as --kind sentiment'],
    [['submit', 'a.csv', '--kind', 'x'], 'the file "a.csv" is not there'],
    [['submit', __filename, '--kind', 'x', '--parameter', 'a'], '--parameter a is not <name>=<value>'],
    [['submit', __filename, '--kind'], "'--kind <value>' argument missing"],
    [['wait', 'a', 'b'], 'wait takes one job, and 2 are given: a b'],
    [['wait', 'a', '--timeout', 'soon'], '--timeout soon is not a number of seconds above 0; use one such as 600'],
    [['list', '--state', 'done'], '--state "done" is not a state; use queued, running, succeeded, failed, cancelled'],
    [['list', '--limit', '0'], '--limit 0 is not a whole number from 1'],
    [['list', '--auth', 'basic'], '--auth "basic" is not known; use one of iam, token, none'],
    [['list', '--auth', 'token'], 'set STRATA_JOBS_TOKEN'],
    [['list', '--auth', 'iam'], 'set AWS_REGION'],
    [['download', 'a', '--format', 'xlsx'], '--format "xlsx" is not there; use one of csv, ndjson'],
    [['cancel'], 'cancel takes jobs, and none is given'],
    [['redrive', '--all'], 'redrive takes jobs, or --all with --kind'],
    [['redrive', 'a', '--all', '--kind', 'x'], 'redrive takes jobs, or --all with --kind'],
  ])('%j says what is wrong, what is allowed and what to change', async (args, text) => {
    const { code, said } = await type(...args);
    expect([code, asked]).toEqual([2, []]);
    expect(said).toContain(text);
  });

  it('says where the address of the API is found', async () => {
    expect((await typeWith({}, 'list')).said).toContain('set STRATA_JOBS_URL, or --url, to the output api_url');
    expect((await typeWith({ STRATA_JOBS_URL: 'nowhere' }, 'list')).said).toContain('"nowhere" is not an address');
  });

  it('submits a file with parameters and shows the summary when it is done', async () => {
    const file = join(folder, 'in.csv');
    writeFileSync(file, 'comment\ngood\n');
    answers = {
      'POST /uploads': [201, { jobId: 'j1', upload: { url: `${url}/bucket`, fields: { key: 'k' } } }],
      'POST /bucket': [204, ''],
      'POST /jobs': [202, { jobId: 'j1' }],
      'GET /jobs/j1?wait=20': [200, job('j1', 'succeeded', { rows: 1, summary: { rows: 1 } })],
    };
    const { code, written, said } = await type(
      ...['submit', file, '--kind', 'sentiment', '--parameter', 'column=comment', '--wait'],
    );
    expect({ code, written, said }).toEqual({
      code: 0,
      written: 'j1\n{\n  "rows": 1\n}\n',
      said: 'succeeded, 1 rows\n',
    });
    expect(asked).toEqual(Object.keys(answers));
  });

  it('ends with 1 where a job has failed, and where the API says no', async () => {
    answers['GET /jobs/j1?wait=20'] = [200, job('j1', 'failed', { errorMessage: 'no comments' })];
    expect(await type('wait', 'j1')).toMatchObject({
      code: 1,
      said: 'failed, no comments\njob j1 failed: no comments\n',
    });
    expect(await type('trace', 'j9')).toMatchObject({ code: 1, said: 'there is none (404 not_found)\n' });
  });

  it('lists jobs of a state, and traces one', async () => {
    answers['GET /jobs?state=running&kind=sentiment'] = [
      200,
      { jobs: [job('j1', 'running', { progress: 0.5 })], next: null },
    ];
    answers['GET /jobs/j1/trace'] = [
      200,
      {
        events: [
          { at: 'T1', attempt: 0, what: 'submitted', detail: null },
          { at: 'T2', attempt: 1, what: 'claimed', detail: 'w' },
        ],
      },
    ];
    const listed = await type('list', '--state', 'running', '--kind', 'sentiment');
    expect(listed.written).toBe('j1  sentiment  running 50 %  attempt 1  2026-11-29T00:00:00Z\n');
    expect((await type('trace', 'j1')).written).toBe('T1  attempt 0  submitted\nT2  attempt 1  claimed    w\n');
  });

  it('downloads CSV under its name when it is whole', async () => {
    answers['GET /jobs/j1/download?format=csv'] = [200, { url: `${url}/object`, expiresSeconds: 300 }];
    answers['GET /object'] = [200, 'a\r\n1\r\n'];
    const output = join(folder, 'out.csv');
    expect(await type('download', 'j1', '--output', output)).toMatchObject({ code: 0, written: `${output}\n` });
    expect(readFileSync(output, 'utf8')).toBe('a\r\n1\r\n');
    answers['GET /object'] = [403, ''];
    expect((await type('download', 'j1', '--output', `${output}2`)).code).toBe(1);
    expect([existsSync(`${output}2`), existsSync(`${output}2.part`)]).toEqual([false, false]);
  });

  it('redrives the failed jobs of a kind with an error code, and cancels', async () => {
    const failed = [job('j1', 'failed', { errorCode: 'worker_lost' }), job('j2', 'failed', { errorCode: 'bad_file' })];
    answers['GET /jobs?state=failed&kind=sentiment'] = [200, { jobs: failed, next: null }];
    answers['POST /jobs/j1/retry'] = [202, { jobId: 'j1' }];
    answers['POST /jobs/j2/cancel'] = [200, job('j2', 'cancelled')];
    const redriven = await type('redrive', '--all', '--kind', 'sentiment', '--error', 'worker_lost');
    expect(redriven.written).toBe('j1 queued\n');
    expect((await type('cancel', 'j2')).written).toBe('j2 cancelled\n');
  });

  it('drains: waits until nothing waits or runs, or until the time is over', async () => {
    const open = 'GET /jobs?state=queued%2Crunning';
    answers[open] = [200, { jobs: [job('j1', 'running'), job('j2', 'queued')], next: null }];
    const late = await type('drain', '--timeout', '0.05');
    expect(late).toMatchObject({ code: 1, said: expect.stringContaining('1 wait, 1 run\n') });
    expect(late.said).toContain('2 jobs have not ended within 0.05 s; wait longer, or cancel them');
    const ending = type('drain');
    setTimeout(() => (answers[open] = [200, { jobs: [], next: null }]), 30);
    expect((await ending).code).toBe(0);
  });

  it('prints its help', async () => {
    expect((await type('help')).written).toContain('submit <file> --kind <kind>');
    expect((await type('submit', '--help')).code).toBe(0);
  });
});
