import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The packages whose code esbuild has put into a bundle, and those that lie beside it, with the licence files of each
 * as evidence. The same input gives the same SBOM: it has no date and no serial number.
 *
 * @param {string} workspace folder in which the bundle was built
 * @param {{ inputs: object, outputs: object }} metafile of esbuild
 * @param {{ packages: string[] }} parts packages beside the bundle, by their package.json
 */
export function describeBundle(workspace, metafile, { packages }) {
  const require = createRequire(join(workspace, 'package.json'));
  const program = join(dirname(require.resolve('@cyclonedx/cyclonedx-esbuild')), '../bin/cyclonedx-esbuild-cli.js');
  const beside = { inputs: Object.fromEntries(packages.map((file) => [file, { bytesInOutput: 1 }])) };
  const whole = { ...metafile, outputs: { ...metafile.outputs, ...(packages.length > 0 && { node_modules: beside }) } };

  const scratch = mkdtempSync(join(tmpdir(), 'strata-sbom-'));
  const [input, output] = [join(scratch, 'metafile.json'), join(scratch, 'sbom.json')];
  try {
    writeFileSync(input, JSON.stringify(whole));
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        program,
        '--gather-license-texts',
        '--output-reproducible',
        '--validate',
        '--bwd',
        workspace,
        '-o',
        output,
        input,
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`cyclonedx-esbuild ended with ${status}: ${stderr}`);
    return JSON.parse(readFileSync(output, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether this repository made it. */
export function isOurs({ group, name }) {
  return group === '@strata' || name === 'strata';
}

/** Packages that were read for the bundle, but left nothing in it, are marked so. */
export function isLeftOut({ scope }) {
  return scope === 'excluded';
}

/**
 * The SBOM as it ships: with Node.js, with what `parts` says, without what is not in the image and without the texts of
 * licences.
 *
 * @param {object} bom of `describeBundle`
 * @param {{ components: object[], inside: Record<string, object[]> }} parts libraries beside the bundle, and those
 *   linked into a package, by its name
 */
export function finished(bom, { components: more, inside }) {
  const node = {
    type: 'application',
    name: 'node',
    version: process.versions.node,
    'bom-ref': 'node',
    licenses: [{ license: { id: 'MIT' } }],
    purl: `pkg:generic/node@${process.versions.node}`,
  };
  const packages = bom.components
    .filter((component) => !isLeftOut(component) && component.name !== 'strata')
    .map(({ evidence: _evidence, ...component }) => {
      const linked = inside[packageName(component)];
      return linked === undefined ? component : { ...component, components: linked };
    });
  const { evidence: _evidence, ...component } = bom.metadata.component;
  const components = [...packages, ...more, node];
  const known = new Set([component, ...components].map((one) => one['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => known.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => known.has(one)) }));
  return { ...bom, metadata: { ...bom.metadata, component }, components, dependencies };
}

/** As npm spells it. */
export function packageName({ group, name }) {
  return group === undefined ? name : `${group}/${name}`;
}
