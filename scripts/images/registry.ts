import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { UserError } from '../../local/toolchain';
import { runDocker } from './docker';

/** A repository in ECR, and whether it has the image. */
export interface Repository {
  /** Without a tag. */
  readonly uri: string;
  readonly hasTag: boolean;
  readonly tagsAreImmutable: boolean;
  /** Host that answered for ECR. */
  readonly answeredBy: string;
}

/** @throws UserError when there is no such repository, or ECR cannot be asked */
export async function findRepository(region: string, name: string, tag: string): Promise<Repository> {
  const ecr = new ECRClient({ region });
  let answeredBy = '';
  ecr.middlewareStack.add(
    (next) => (args) => {
      answeredBy = (args.request as { readonly hostname: string }).hostname;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'noteHost' },
  );
  const answer = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })).catch((error: Error) => {
    if (error.name === 'RepositoryNotFoundException')
      throw new UserError(
        `there is no repository ${name} in ${region}. Deploy the registry layer first: cdktf deploy registry`,
      );
    throw cannotAsk(region, error);
  });
  const { repositoryUri, imageTagMutability } = answer.repositories![0]!;
  const hasTag = await ecr
    .send(new DescribeImagesCommand({ repositoryName: name, imageIds: [{ imageTag: tag }] }))
    .then(
      () => true,
      (error: Error) => {
        if (error.name === 'ImageNotFoundException') return false;
        throw cannotAsk(region, error);
      },
    );
  return { uri: repositoryUri!, hasTag, tagsAreImmutable: imageTagMutability !== 'MUTABLE', answeredBy };
}

function cannotAsk(region: string, error: Error): UserError {
  return new UserError(`ECR cannot be asked in ${region}: ${error.message}`);
}

/** Domains of AWS's own endpoints and registries, in all partitions. */
const OF_AWS = /\.(amazonaws\.(com|com\.cn|eu)|api\.aws|on\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;

/**
 * Docker knows nothing of an emulator: it would log in and push at the address that the emulator made up, which is a
 * real one of AWS.
 * @throws UserError when an emulator answered for ECR and the repository's address is AWS's
 */
export function requireRegistry({ uri, answeredBy }: Repository): void {
  const host = registryHost(uri);
  if (OF_AWS.test(host) && !OF_AWS.test(answeredBy))
    throw new UserError(
      `this shell's AWS is ${answeredBy}, and docker would log in and push to ${host}, which is AWS itself. Use ` +
        '--no-push to build alone, or a shell without AWS_ENDPOINT_URL to push to AWS',
    );
}

/** Logs docker in to the repository's registry for the next 12 hours. */
export async function logIn(docker: string, region: string, { uri }: Repository): Promise<void> {
  const { authorizationData } = await new ECRClient({ region }).send(new GetAuthorizationTokenCommand({}));
  const [user, password] = Buffer.from(authorizationData![0]!.authorizationToken!, 'base64')
    .toString('utf8')
    .split(':');
  runDocker(docker, ['login', '--username', user!, '--password-stdin', registryHost(uri)], password);
}

function registryHost(uri: string): string {
  return uri.slice(0, uri.indexOf('/'));
}
