// What Terraform checks of the state that a contract is read from, and what it says where that does not hold.
import { Lazy } from 'cdktf';
import type { ContractRequirement, ContractSource } from './contract-source';
import type { Contract } from './define-contract';
import { rangeCondition } from './version-range';

/** What messages say of a contract: the layer that publishes it. */
type Publisher = Pick<Contract, 'layer'>;

const FOUND_VERSION = '${try(self.outputs.contract_version, "none")}';

export function stateExists(source: ContractSource, file: string, contract: Publisher, wanted: string): object {
  return {
    // Terraform wants a condition to refer to something; the workspace is always there.
    condition: `\${terraform.workspace == "" || fileexists(${JSON.stringify(file)})}`,
    error_message:
      `${wanted}, but layer "${contract.layer}" has no state in ${source.location}. Deploy layer ` +
      `"${contract.layer}" first: cdktf deploy ${contract.layer}`,
  };
}

export function isPublished(source: ContractSource, contract: Publisher, wanted: string): object {
  return {
    condition: `\${try(self.outputs.contract_name, "") == ${JSON.stringify(contract.layer)}}`,
    error_message:
      `${wanted}, but the state in ${source.location} publishes contract "\${try(self.outputs.contract_name, ` +
      `"none")}". Deploy layer "${contract.layer}" first, or correct where its state is looked for.`,
  };
}

/**
 * A state of a layer that was destroyed, or not deployed to its end, publishes nothing; one of another layer is a
 * mistake.
 */
export function isNoOtherContract(source: ContractSource, contract: Publisher, wanted: string): object {
  return {
    condition: `\${contains(["", ${JSON.stringify(contract.layer)}], try(self.outputs.contract_name, ""))}`,
    error_message:
      `${wanted}, but the state in ${source.location} publishes contract "\${try(self.outputs.contract_name, ` +
      '"none")}". Correct where its state is looked for.',
  };
}

export function isInRange(range: string, contract: Publisher, wanted: string): object {
  return {
    // Where nothing is published the condition before this one says so.
    condition:
      `\${try(self.outputs.contract_version, "") == "" || ` +
      `${rangeCondition(range, 'self.outputs.contract_version')}}`,
    error_message:
      `${wanted}, but the version deployed is ${FOUND_VERSION}. Deploy a version of layer "${contract.layer}" ` +
      `in that range, or adapt layer and range to ${FOUND_VERSION}; its CHANGELOG tells what changed.`,
  };
}

export function hasOutputs(used: ReadonlySet<string>, contract: Publisher, wanted: string): object {
  const missing = () => `setsubtract(${JSON.stringify([...used].sort())}, keys(self.outputs))`;
  return {
    condition: Lazy.stringValue({
      produce: () => `\${try(self.outputs.contract_version, "") == "" || length(${missing()}) == 0}`,
    }),
    error_message: Lazy.stringValue({
      produce: () =>
        `${wanted}, but version ${FOUND_VERSION} was deployed without: \${join(", ", ${missing()})}. Deploy ` +
        `layer "${contract.layer}" again; if an output was removed, its contract needs a new major version.`,
    }),
  };
}

export function requirementCondition({ condition, message }: ContractRequirement, wanted: string): object {
  return {
    // An output that is missing is the condition before this one's to report.
    condition: `\${try(${condition}, true)}`,
    error_message: `${wanted}, but ${message}`,
  };
}
