// `terraform validate` of synthesized stacks. Most of its time is the AWS provider describing all of its 1,500 types, so
// several stacks are validated at once: each is a module of a folder that holds nothing else.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OVERRIDE_WARNING } from '../../local/toolchain';
import { terraform } from './terraform';

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
}

interface LocatedDiagnostic extends Diagnostic {
  readonly range?: { readonly filename: string };
}

interface StackJson {
  readonly terraform: Readonly<Record<string, unknown>>;
}

/** Each stack has a provider process of its own meanwhile, of 200 MB. */
const AT_ONCE = 8;

/** What `terraform validate` finds in synthesized stacks, by their names; an empty list each where all is well. */
export function validateStacks(stacks: Readonly<Record<string, string>>): Record<string, readonly Diagnostic[]> {
  const entries = Object.entries(stacks);
  const found: Record<string, readonly Diagnostic[]> = {};
  for (let first = 0; first < entries.length; first += AT_ONCE)
    Object.assign(found, validateTogether(entries.slice(first, first + AT_ONCE)));
  return found;
}

function validateTogether(entries: readonly (readonly [name: string, json: string])[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-validate-'));
  try {
    const modules: Record<string, object> = {};
    entries.forEach(([, json], index) => {
      const id = `stack-${index}`;
      const stack = JSON.parse(json) as StackJson;
      // A module has no backend; `validate` does not look at it in a root module either.
      const { backend: _, cloud: __, ...settings } = stack.terraform;
      mkdirSync(path.join(folder, id));
      writeFileSync(path.join(folder, id, 'cdk.tf.json'), JSON.stringify({ ...stack, terraform: settings }));
      modules[id] = { source: `./${id}` };
    });
    writeFileSync(path.join(folder, 'main.tf.json'), JSON.stringify({ module: modules }));
    const init = terraform(['init', '-backend=false', '-input=false', '-no-color'], folder);
    if (init.status !== 0) throw new Error(`terraform init:\n${init.stderr}${init.stdout}`);
    const diagnostics = diagnosticsOf(terraform(['validate', '-json'], folder).stdout);
    const of = (index: number) => diagnostics.filter((diagnostic) => stackOf(diagnostic) === index).map(withoutPlace);
    const foreign = diagnostics.filter((diagnostic) => !(stackOf(diagnostic) < entries.length));
    if (foreign.length > 0) throw new Error(`terraform validate: ${JSON.stringify(foreign)}`);
    return Object.fromEntries(entries.map(([name], index) => [name, of(index)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Which stack it is about, by its file; `NaN` for none. */
function stackOf({ range }: LocatedDiagnostic): number {
  return Number(/^stack-(\d+)\//.exec(range?.filename ?? '')?.[1] ?? Number.NaN);
}

function diagnosticsOf(validated: string): readonly LocatedDiagnostic[] {
  return (JSON.parse(validated) as { diagnostics: LocatedDiagnostic[] }).diagnostics.filter(
    ({ summary }) => summary !== OVERRIDE_WARNING,
  );
}

function withoutPlace({ severity, summary, detail }: LocatedDiagnostic): Diagnostic {
  return { severity, summary, detail };
}
