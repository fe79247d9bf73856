import { TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

export interface StateRegionProps {
  /** Region of the layer now. */
  readonly region: string;
}

/**
 * Lets a plan in another region than the state's fail. Terraform finds nothing there, would make everything again and
 * forget what exists. The region of the first deploy stays in the state, as its changes are ignored.
 */
export class StateRegion extends TerraformElement {
  private readonly region: string;

  constructor(scope: Construct, id: string, props: StateRegionProps) {
    super(scope, id);
    this.region = props.region;
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
