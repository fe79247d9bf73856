// What Terraform checks about the state that a contract is read from, with the error messages.
import { Lazy } from 'cdktf';
import type { ContractRequirement, ContractSource } from './contract-source';
import type { Contract } from './define-contract';
import { rangeCondition } from './version-range';

/** The layer that publishes a contract, as error messages name it. */
type Publisher = Pick<Contract, 'layer'>;

const FOUND_VERSION = '${try(self.outputs.contract_version, "none")}';

export function stateExists(source: ContractSource, file: string, contract: Publisher, wanted: string): object {
  return {
    // Terraform requires a condition to refer to something; the workspace always exists.
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
      `"none")}". Deploy layer "${contract.layer}" first, or correct the location of its state.`,
  };
}

/**
 * The state of a layer that was destroyed or only partly deployed publishes nothing; the state of another layer is a
 * mistake.
 */
export function isNoOtherContract(source: ContractSource, contract: Publisher, wanted: string): object {
  return {
    condition: `\${contains(["", ${JSON.stringify(contract.layer)}], try(self.outputs.contract_name, ""))}`,
    error_message:
      `${wanted}, but the state in ${source.location} publishes contract "\${try(self.outputs.contract_name, ` +
      '"none")}". Correct the location of its state.',
  };
}

export function isInRange(range: string, contract: Publisher, wanted: string): object {
  return {
    // If nothing is published, the previous condition reports it.
    condition:
      `\${try(self.outputs.contract_version, "") == "" || ` +
      `${rangeCondition(range, 'self.outputs.contract_version')}}`,
    error_message:
      `${wanted}, but the version deployed is ${FOUND_VERSION}. Deploy a version of layer "${contract.layer}" ` +
      `in that range, or adapt this layer and its range to ${FOUND_VERSION}; its CHANGELOG lists ` +
      `the changes.`,
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
    // A missing output is reported by the previous condition.
    condition: `\${try(${condition}, true)}`,
    // Terraform evaluates the message whether or not it is shown; an output that is missing must not fail there.
    error_message: `${wanted}, but ${message.replaceAll(/\$\{([^{}]+)\}/g, '${try($1, "unknown")}')}`,
  };
}
