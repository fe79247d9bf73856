import { spawnSync } from 'node:child_process';
import {
  layerApplyBuildspec,
  layerPlanBuildspec,
  smokeTestBuildspec,
  sourceFilterBuildspec,
} from '@strata/codepipeline';
import { failEachInTurn, runBuildspec, type BuildOptions } from '../../../support/codebuild';

describe('a push to a repository that several pipelines share', () => {
  const run = (patterns: string[], paths: string[], old = 'aaaa'): BuildOptions => ({
    environment: {
      REPOSITORY_NAME: 'shop',
      PIPELINE_NAME: 'app-web-pipeline',
      SOURCE_ACTION_NAME: 'Source',
      PATH_PATTERNS: JSON.stringify(patterns),
      COMMIT_ID: 'bbbb',
      OLD_COMMIT_ID: old,
    },
    answers: {
      'aws codecommit get-differences': JSON.stringify({
        differences: paths.map((path) => ({ afterBlob: { path }, changeType: 'M' })),
      }),
    },
  });
  const starts = (options: BuildOptions): boolean => {
    const { succeeded, typed, output } = runBuildspec(sourceFilterBuildspec(), options);
    if (!succeeded) throw new Error(output);
    return typed.includes(
      'aws codepipeline start-pipeline-execution --name app-web-pipeline --source-revisions actionName=Source,revisionType=COMMIT_ID,revisionValue=bbbb --output json',
    );
  };

  test.each<[string[], string[], boolean]>([
    [['app-web/**'], ['app-web/main.ts'], true],
    [['app-web/**'], ['app-web/page/a/b.css'], true],
    [['app-web/**'], ['app-was/main.ts', 'app-web-2/main.ts'], false],
    [['app-was/**', 'modules/*/index.ts'], ['modules/config/index.ts'], true],
    [['modules/*/index.ts'], ['modules/a/b/index.ts'], false],
    [['**/package.json'], ['package.json'], true],
    [['**/package.json'], ['a/b/package.json'], true],
    [['**/package.json'], ['a/package.json.bak'], false],
    [['a+(b).ts'], ['a+(b).ts'], true],
    [['a.ts'], ['abts'], false],
    [['*.md'], ['docs/a.md'], false],
    [['app-web/**'], [], false],
  ])('%j and a change of %j', (patterns, paths, expected) => {
    expect(starts(run(patterns, paths))).toBe(expected);
  });

  test('a file that was removed or moved away counts', () => {
    const options = run(['app-web/**'], []);
    const differences = [{ beforeBlob: { path: 'app-web/old.ts' }, changeType: 'D' }];
    expect(starts({ ...options, answers: { 'aws codecommit get-differences': JSON.stringify({ differences }) } })).toBe(
      true,
    );
  });

  test.each(['', '<old>'])('a branch without a former commit starts it ("%s")', (old) => {
    expect(starts(run(['app-web/**'], [], old))).toBe(true);
  });

  test('ends at whichever command fails', () => {
    expect(failEachInTurn(sourceFilterBuildspec(), run(['**'], ['a']))).toEqual([]);
  });
});

describe('a smoke test', () => {
  /**
   * An HTTP server that answers with a status a time, then stays at the last. It runs apart, as the build blocks this
   * process.
   */
  function ask(statuses: number[], environment: Record<string, string> = {}): ReturnType<typeof runBuildspec> {
    const server =
      `const http = require('node:http'); const s = ${JSON.stringify(statuses)}; const server = http.createServer((q, r) => { r.statusCode = s.length > 1 ? s.shift() : s[0]; r.end('{"status":"ok"}'); });` +
      'server.listen(0, "127.0.0.1", () => console.log(server.address().port)); setTimeout(() => process.exit(), 20000);';
    const started = spawnSync(
      'sh',
      [
        '-c',
        `"$NODE" -e "$SERVER" > "$OUT" 2>/dev/null & echo $!; until [ -s "$OUT" ]; do sleep 0.05; done; cat "$OUT"; rm "$OUT"`,
      ],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          NODE: process.execPath,
          SERVER: server,
          OUT: `/tmp/strata-smoke-${process.pid}-${Math.random()}`,
        },
      },
    );
    const [pid, port] = started.stdout.trim().split('\n').map(Number);
    try {
      return runBuildspec(smokeTestBuildspec(), {
        environment: {
          URL: `http://127.0.0.1:${port}/health`,
          EXPECTED_STATUS: '200',
          EXPECTED_TEXT: '',
          ATTEMPTS: '3',
          INTERVAL_SECONDS: '0',
          ...environment,
        },
      });
    } finally {
      process.kill(pid!);
    }
  }

  test('passes when the address answers, also after a while', () => {
    expect(ask([200]).succeeded).toBe(true);
    const result = ask([503, 502, 200]);
    expect(result.succeeded).toBe(true);
    expect(result.output).toContain('attempt 3 of 3');
  });

  test('fails with the last answer', () => {
    const result = ask([503]);
    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('did not answer 200; the last answer was 503');
    expect(result.output).toContain('{"status":"ok"}');
  });

  test('looks for a text in the answer', () => {
    expect(ask([200], { EXPECTED_TEXT: '"status":"ok"' }).succeeded).toBe(true);
    const result = ask([200], { EXPECTED_TEXT: '"status":"down"' });
    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('did not answer 200 with ""status":"down""');
  });

  test('fails where nobody listens', () => {
    const result = runBuildspec(smokeTestBuildspec(), {
      environment: {
        URL: 'http://127.0.0.1:9/',
        EXPECTED_STATUS: '200',
        EXPECTED_TEXT: '',
        ATTEMPTS: '2',
        INTERVAL_SECONDS: '0',
      },
    });
    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('the last answer was 000');
  });
});

describe('a layer', () => {
  const run: BuildOptions = {
    environment: {
      LAYER: 'network',
      STRATA_ENVIRONMENT: 'dev',
      TERRAFORM_VERSION: '1.12.2',
      TERRAFORM_PLATFORM: 'linux_arm64',
      TERRAFORM_SHA256: 'abc',
    },
    source: { 'cdktf.out/dev/network/cdk.tf.json': '{}' },
    programs: ['curl', 'sha256sum', 'unzip', 'npm', 'npx', 'terraform'],
    answers: {
      'terraform -chdir=cdktf.out/dev/network show': JSON.stringify({
        resource_changes: [
          { change: { actions: ['create'] } },
          { change: { actions: ['delete', 'create'] } },
          { change: { actions: ['update'] } },
          { change: { actions: ['no-op'] } },
        ],
      }),
    },
  };

  test('is planned from the source, by a Terraform whose checksum was looked at', () => {
    const { succeeded, typed, calls, exported, output } = runBuildspec(layerPlanBuildspec(), run);
    expect(output).toContain('network: 2 to add, 1 to change, 1 to destroy');
    expect(succeeded).toBe(true);
    expect(calls.map(({ program }) => program)).toEqual([
      'curl',
      'sha256sum',
      'unzip',
      'npm',
      'npx',
      'terraform',
      'terraform',
      'terraform',
    ]);
    expect(typed[0]).toContain('https://releases.hashicorp.com/terraform/1.12.2/terraform_1.12.2_linux_arm64.zip');
    expect(layerPlanBuildspec().artifacts!.files).toEqual(['cdktf.out/**/*', 'cdktf.out/**/.terraform.lock.hcl']);
    expect(typed[6]).toBe(
      'terraform -chdir=cdktf.out/dev/network plan -input=false -no-color -lock-timeout=10m -out=layer.tfplan',
    );
    expect(exported).toEqual({ PLAN_SUMMARY: '2 to add, 1 to change, 1 to destroy' });
  });

  test('is applied from that plan', () => {
    const { succeeded, typed } = runBuildspec(layerApplyBuildspec(), run);
    expect(succeeded).toBe(true);
    expect(typed.at(-1)).toBe(
      'terraform -chdir=cdktf.out/dev/network apply -input=false -no-color -lock-timeout=10m layer.tfplan',
    );
  });

  test('ends at whichever command fails', () => {
    expect(failEachInTurn(layerPlanBuildspec(), run)).toEqual([]);
    expect(failEachInTurn(layerApplyBuildspec(), run)).toEqual([]);
  });

  test('that the source does not have is named', () => {
    const result = runBuildspec(layerPlanBuildspec(), {
      ...run,
      environment: { ...run.environment, LAYER: 'netwrok' },
    });
    expect(result.output).toContain('there is no layer netwrok in the environment dev');
    expect(result.succeeded).toBe(false);
  });
});
