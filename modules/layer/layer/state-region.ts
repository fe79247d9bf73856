import { TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Lets a plan in another region than the state's fail. Terraform finds nothing there, would make everything again and
 * forget what exists. The region of the first deploy stays in the state, as its changes are ignored.
 */
export class StateRegion extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly region: string,
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    const { region } = this;
    return {
      resource: {
        terraform_data: {
          region: {
            input: region,
            lifecycle: {
              ignore_changes: ['input'],
              postcondition: [
                {
                  condition: `\${self.input == "${region}"}`,
                  error_message:
                    `[${this.cdktfStack.node.path}] region: "${region}" is not the region of this layer's state, which is ` +
                    '"${self.input}": what is deployed there would live on without a state. Set region back; for another ' +
                    'region, add an environment of its own, or destroy this one first',
                },
              ],
            },
          },
        },
      },
    };
  }
}
