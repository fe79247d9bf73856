import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path';
import { isResolved, Problems, checkName, type NameRule } from '@strata/core';
import { Fn, type IResolvable, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { imageParameterName, imageParameterPath } from './parameter-name';

export interface DeployedImagesProps {
  readonly project: string;
  readonly environment: string;
}

/**
 * A part between the slashes: "Requirements and constraints for parameter names" in the AWS Systems Manager user guide.
 */
function segment(what: string): NameRule {
  return {
    what,
    maxLength: 128,
    pattern: /^[A-Za-z0-9_.-]+$/,
    allowed: 'letters, digits, dots, hyphens and underscores',
  };
}

/**
 * The images that pipelines deployed, read from SSM: one parameter per service, outside Terraform's state, so that a
 * deployment never causes drift. One data source reads them all; a service without a parameter has not been deployed
 * yet.
 *
 * Terraform needs `ssm:GetParametersByPath` on the folder. An image URI is not a secret, so `nonsensitive` removes the
 * provider's sensitive mark: a plan shows the image.
 */
export class DeployedImages extends Construct {
  readonly data: DataAwsSsmParametersByPath;
  /** Folder of the parameters, such as `/strata/dev/images`. */
  readonly path: string;
  private readonly images: TerraformLocal;
  private readonly project: string;
  private readonly environment: string;

  /** @throws ValidationError when project or environment cannot be part of a parameter's name. */
  constructor(scope: Construct, id: string, props: DeployedImagesProps) {
    super(scope, id);
    const { project, environment } = props;
    const problems = new Problems(this);
    checkName(problems, 'project', project, segment('part of a parameter name'));
    checkName(problems, 'environment', environment, segment('part of a parameter name'));
    problems.check(
      !isResolved(project) || !/^(aws|ssm)/i.test(project),
      `project: "${project}" starts with "aws" or "ssm", which AWS reserves in parameter names; choose ` +
        'another project name',
    );
    problems.throwIfAny();

    this.project = project;
    this.environment = environment;
    this.path = imageParameterPath(project, environment);
    this.data = new DataAwsSsmParametersByPath(this, 'data', { path: this.path });
    this.images = new TerraformLocal(this, 'images', Fn.zipmap(this.data.names, Fn.nonsensitive(this.data.values)));
  }

  /** Name of the parameter that a service's pipeline writes. */
  parameterName(service: string): string {
    return imageParameterName(this.project, this.environment, service);
  }

  /**
   * The image that was deployed last, as a Terraform expression.
   *
   * @param fallbackUri Image to use before the first deployment. It need not exist: ECS retries until a pipeline
   * deploys, or gives up.
   * @throws ValidationError when the service's name cannot be part of a parameter's name.
   */
  imageFor(service: string, fallbackUri: string): string {
    return Fn.lookup(this.images.expression, this.checkedName(service), fallbackUri);
  }

  /** Whether a pipeline has deployed the service, as a Terraform expression. */
  isDeployed(service: string): IResolvable {
    return Fn.contains(Fn.keys(this.images.expression), this.checkedName(service));
  }

  private checkedName(service: string): string {
    const problems = new Problems(this);
    checkName(problems, 'service', service, segment('part of a parameter name'));
    problems.throwIfAny();
    return this.parameterName(service);
  }
}
