import { phase, type Buildspec } from './buildspec';
import { fail, requireVariables } from './shell';

export interface LayerBuildspecOptions {
  /** Runtime -> version. @default { nodejs: '22' } */
  readonly runtimeVersions?: Readonly<Record<string, string>>;
}

const FOLDER = 'cdktf.out/$STRATA_ENVIRONMENT/$LAYER';

/** Installs one version of Terraform from HashiCorp's releases and verifies it against the project's checksum. */
const installTerraform: readonly string[] = [
  'curl --fail --silent --show-error --location --output /tmp/terraform.zip ' +
    '"https://releases.hashicorp.com/terraform/$TERRAFORM_VERSION/terraform_${TERRAFORM_VERSION}_$TERRAFORM_PLATFORM.zip"',
  'echo "$TERRAFORM_SHA256  /tmp/terraform.zip" | sha256sum -c - > /dev/null || ' +
    `${fail('the checksum of Terraform $TERRAFORM_VERSION for $TERRAFORM_PLATFORM is not $TERRAFORM_SHA256')}`,
  'unzip -o -q /tmp/terraform.zip terraform -d /usr/local/bin',
];

const VARIABLES = ['LAYER', 'STRATA_ENVIRONMENT', 'TERRAFORM_VERSION', 'TERRAFORM_PLATFORM', 'TERRAFORM_SHA256'];

/**
 * Synthesizes the layers and plans one of them. The artifact to apply is the plan together with its inputs. The project
 * sets `LAYER`, `STRATA_ENVIRONMENT`, `TERRAFORM_VERSION`, `TERRAFORM_PLATFORM` (such as linux_arm64) and
 * `TERRAFORM_SHA256`; `PLAN_SUMMARY` is exported to the pipeline.
 */
export function layerPlanBuildspec(options: LayerBuildspecOptions = {}): Buildspec {
  return {
    version: 0.2,
    env: { 'exported-variables': ['PLAN_SUMMARY'] },
    phases: {
      install: {
        'runtime-versions': options.runtimeVersions ?? { nodejs: '22' },
        ...phase([requireVariables(VARIABLES), ...installTerraform]),
      },
      pre_build: phase(['npm ci --no-audit --no-fund', 'npx cdktf synth']),
      build: phase([
        `[ -f "${FOLDER}/cdk.tf.json" ] || ${fail('there is no layer $LAYER in the environment $STRATA_ENVIRONMENT')}`,
        `terraform -chdir="${FOLDER}" init -input=false -no-color`,
        `terraform -chdir="${FOLDER}" plan -input=false -no-color -lock-timeout=10m -out=layer.tfplan`,
        `terraform -chdir="${FOLDER}" show -json layer.tfplan > /tmp/plan.json`,
        `export PLAN_SUMMARY="$(jq -r '[.resource_changes[]?.change.actions] | ` +
          '"\\(map(select(index("create"))) | length) to add, \\(map(select(. == ["update"])) | length) to ' +
          'change, ' +
          `\\(map(select(index("delete"))) | length) to destroy"' /tmp/plan.json)"`,
        'echo "$LAYER: $PLAN_SUMMARY"',
        `rm -rf "${FOLDER}/.terraform"`,
      ]),
    },
    // The lock file is named explicitly: whether `*` matches dotfiles is not documented.
    artifacts: { files: ['cdktf.out/**/*', 'cdktf.out/**/.terraform.lock.hcl'] },
  };
}

/**
 * Applies exactly the plan that was approved; Terraform refuses it when the state has changed since. The project sets
 * the same variables.
 */
export function layerApplyBuildspec(): Buildspec {
  return {
    version: 0.2,
    phases: {
      install: phase([requireVariables(VARIABLES), ...installTerraform]),
      build: phase([
        `terraform -chdir="${FOLDER}" init -input=false -no-color`,
        `terraform -chdir="${FOLDER}" apply -input=false -no-color -lock-timeout=10m layer.tfplan`,
      ]),
    },
  };
}
