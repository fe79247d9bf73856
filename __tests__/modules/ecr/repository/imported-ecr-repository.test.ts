import { EcrRepository, ImportedEcrRepository, type IEcrRepository } from '@strata/ecr';
import { TerraformOutput, Testing } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

test('looks the repository up and makes nothing', () => {
  const found = synthResources(
    (scope) => new ImportedEcrRepository(scope, 'repository', { repositoryName: 'base/node' }),
  );
  expect(found.types).toEqual([]);
  expect(found.data('aws_ecr_repository')).toEqual({ name: 'base/node' });
});

test('lets go of what was made here before, with its policies, instead of destroying it', () => {
  const made = synthResources((scope) => {
    new EcrRepository(scope, 'repository', { repositoryName: 'base', pullAccountIds: ['210987654321'] });
  });
  const addresses = made.types.flatMap((type) => Object.keys(made.raw(type)).map((id) => `${type}.${id}`));
  const json = Testing.synthScope(
    (scope) => new ImportedEcrRepository(scope, 'repository', { repositoryName: 'base' }),
  );
  const { removed } = JSON.parse(json) as { removed: { from: string; lifecycle: object }[] };
  expect(removed.map(({ from }) => from).sort()).toEqual(addresses.sort());
  expect(new Set(removed.map(({ lifecycle }) => JSON.stringify(lifecycle)))).toEqual(new Set(['{"destroy":false}']));
});

test('looks in the registry of another account', () => {
  const found = synthResources(
    (scope) => new ImportedEcrRepository(scope, 'repository', { repositoryName: 'base', registryId: '210987654321' }),
  );
  expect(found.data('aws_ecr_repository')).toEqual({ name: 'base', registry_id: '210987654321' });
});

test('offers the interface of a repository made here', () => {
  const { outputs } = synthResources((scope) => {
    const repository: IEcrRepository = new ImportedEcrRepository(scope, 'repository', { repositoryName: 'base' });
    const value = [repository.repositoryName, repository.repositoryArn, repository.repositoryUrl];
    new TerraformOutput(scope, 'found', { value, staticId: true });
  });
  const reference = (attribute: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{data\\.aws_ecr_repository\\.\\w+\\.${attribute}\\}$`));
  expect(outputs.found).toEqual([reference('name'), reference('arn'), reference('repository_url')]);
});

test('refuses a name and an account id that cannot be', () => {
  expect(() =>
    synthResources(
      (scope) => new ImportedEcrRepository(scope, 'repository', { repositoryName: 'Base', registryId: '12' }),
    ),
  ).toThrow(
    /2 problems:\n {2}- repositoryName: "Base" is not a repository name.*\n {2}- registryId: "12" is not an AWS account id; use 12 digits, as a string/,
  );
});
