import { findMotoServer } from '../../local/aws/moto';
import { portOwner } from '../../local/aws/emulator';
import { locate } from '../../local/aws/location';
import {
  chooseProviderSource,
  type Environment,
  findProgram,
  findTerraform,
  isAtLeast,
  requireProviders,
  UserError,
} from '../../local/toolchain';

/** The result of a check, and how to fix it if it failed. */
export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly text: string;
  /** One line. */
  readonly fix?: string;
}

export interface DoctorOptions {
  /** @default process.env */
  readonly environment?: Environment;
  /** The checkout. @default this one */
  readonly root?: string;
  readonly nodeVersion?: string;
  readonly mirrorParents?: readonly string[];
  readonly registryUrl?: string;
}

/** Looks at everything `npm start` needs, without changing anything but the generated Terraform configuration. */
export async function examine(options: DoctorOptions = {}): Promise<Finding[]> {
  const environment = options.environment ?? process.env;
  return [
    node(options.nodeVersion ?? process.versions.node),
    ...(await Promise.all([
      terraform(environment),
      providers(options, environment),
      moto(options, environment),
      port(options, environment),
    ])),
    credentials(environment),
  ];
}

function node(version: string): Finding {
  if (isAtLeast(version, '20.9.0')) return { subject: 'node', state: 'ok', text: version };
  return {
    subject: 'node',
    state: 'problem',
    text: `${version} is too old`,
    fix: 'install node 20.9 or newer: https://nodejs.org',
  };
}

async function terraform(environment: Environment): Promise<Finding> {
  try {
    const found = await findTerraform(environment);
    return { subject: 'terraform', state: 'ok', text: `${found.version} (${found.path})` };
  } catch (error) {
    return problem('terraform', error);
  }
}

async function providers(options: DoctorOptions, environment: Environment): Promise<Finding> {
  const location = locate({}, options.root);
  const source = chooseProviderSource({
    generatedPath: location.terraformConfig,
    environment,
    mirrorParents: options.mirrorParents,
  });
  try {
    await requireProviders(source, { registryUrl: options.registryUrl, mirrorParents: options.mirrorParents });
  } catch (error) {
    return problem('providers', error);
  }
  const text = {
    'own-configuration': 'your own Terraform configuration',
    mirror: 'filesystem mirror',
    registry: 'registry',
  }[source.kind];
  const where =
    source.kind === 'mirror' ? ` ${source.mirror}` : source.kind === 'own-configuration' ? ` ${source.configFile}` : '';
  return { subject: 'providers', state: 'ok', text: `${text}${where}` };
}

async function moto(options: DoctorOptions, environment: Environment): Promise<Finding> {
  try {
    const server = await findMotoServer({ venv: locate({}, options.root).venv, environment, install: false });
    return { subject: 'moto', state: 'ok', text: server };
  } catch (error) {
    const python = findProgram('python3', environment) ?? findProgram('python', environment);
    if (python === undefined) return problem('moto', error);
    return { subject: 'moto', state: 'ok', text: `not installed yet: the emulator will do it with ${python}` };
  }
}

async function port(options: DoctorOptions, environment: Environment): Promise<Finding> {
  try {
    const location = locate(environment, options.root);
    const owner = await portOwner(location);
    if (owner.kind === 'none') return { subject: 'port', state: 'ok', text: `${location.port} is free` };
    if (owner.kind === 'this')
      return { subject: 'port', state: 'ok', text: `the emulator runs on ${location.port} (pid ${owner.pid})` };
    return {
      subject: 'port',
      state: 'problem',
      text:
        `${location.port} is held by ` +
        `${owner.kind === 'other-program' ? 'another program' : `the emulator of ${owner.root}`}`,
      fix: 'stop it, or choose another port: export STRATA_EMULATOR_PORT=5556',
    };
  } catch (error) {
    return problem('port', error);
  }
}

function credentials(environment: Environment): Finding {
  const subject = 'AWS environment';
  const endpoint = environment.AWS_ENDPOINT_URL ?? '';
  const key = environment.AWS_ACCESS_KEY_ID ?? '';
  if (endpoint !== '') return { subject, state: 'ok', text: `this shell uses ${endpoint}` };
  if (key !== '' || (environment.AWS_PROFILE ?? '') !== '') {
    return {
      subject,
      state: 'warning',
      text:
        'this shell uses a real account ' +
        `(${key === '' ? `AWS_PROFILE ${environment.AWS_PROFILE}` : 'AWS_ACCESS_KEY_ID'})`,
      fix: 'for the emulator: eval "$(npm run -s emulator)"',
    };
  }
  return { subject, state: 'ok', text: 'none; `npm start` sets its own, for a shell: eval "$(npm run -s emulator)"' };
}

/** The message of an error, its first sentence as the finding and the rest as the fix. */
function problem(subject: string, error: unknown): Finding {
  if (!(error instanceof UserError)) throw error;
  const lines = error.message.split('\n');
  const text = lines.join(' ');
  const cut = lines.length > 1 ? (lines[0] ?? '').length : text.indexOf(': ');
  return { subject, state: 'problem', text: text.slice(0, cut), fix: text.slice(cut).replace(/^:?\s+/, '') };
}

/** Findings as lines for a terminal. */
export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.subject.length));
  const marks = { ok: 'ok', warning: '! ', problem: 'x ' };
  return findings
    .flatMap((finding) => [
      `${marks[finding.state]}  ${finding.subject.padEnd(width)}  ${finding.text}`,
      ...(finding.fix === undefined ? [] : [`    ${' '.repeat(width)}  -> ${finding.fix}`]),
    ])
    .join('\n');
}
