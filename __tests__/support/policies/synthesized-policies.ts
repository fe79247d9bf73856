import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A policy document as a layer synthesizes it. */
export interface SynthesizedPolicy {
  /** The first environment or variant that has it. */
  readonly variant: string;
  /** Layer, resource and attribute: `ml aws_iam_role_policy.studio-role_policy.policy`. */
  readonly policy: string;
  /** Type of the resource. */
  readonly type: string;
  readonly text: string;
}

/** Both cores of a small machine. */
const PROCESSES = 2;

/** Every policy document of every environment and option variant. Takes a minute or two. */
export async function synthesizedPolicies(): Promise<SynthesizedPolicy[]> {
  const folder = mkdtempSync(join(tmpdir(), 'strata-policies-'));
  // What a shell has set for one environment is not about these.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(STRATA|CDKTF)_/.test(name)));
  const synthesize = async (part: number): Promise<SynthesizedPolicy[]> => {
    const args = [join(__dirname, 'synthesize.mjs'), folder, String(part), String(PROCESSES)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 512 * 1024 * 1024 });
    return JSON.parse(stdout) as SynthesizedPolicy[];
  };
  try {
    const parts = Array.from({ length: PROCESSES }, (_, part) => synthesize(part));
    return (await Promise.all(parts)).flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
