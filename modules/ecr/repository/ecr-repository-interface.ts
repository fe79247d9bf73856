/** A repository, created here or imported, as other constructs see it. */
export interface IEcrRepository {
  /** Name within the registry, such as `app-web`. */
  readonly repositoryName: string;
  readonly repositoryArn: string;
  /** Where images are pushed to and pulled from, without a tag: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
  readonly repositoryUrl: string;
}
