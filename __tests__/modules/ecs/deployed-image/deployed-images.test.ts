import { DeployedImages, imageParameterName, imageParameterPath } from '@strata/ecs';
import { TerraformOutput, Testing } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const PROPS = { project: 'strata', environment: 'dev' };
const refused =
  (project: string, environment = 'dev') =>
  () =>
    synthResources((scope) => void new DeployedImages(scope, 'images', { project, environment }));

test('the home of an image', () => {
  expect(imageParameterPath('strata', 'dev')).toBe('/strata/dev/images');
  expect(imageParameterName('strata', 'dev', 'app-web')).toBe('/strata/dev/images/app-web');
});

test('any number of services share one data source, and the fallback stands in for those without an image', () => {
  const json = JSON.parse(
    Testing.synthScope((scope) => {
      const images = new DeployedImages(scope, 'images', PROPS);
      expect(images.path).toBe('/strata/dev/images');
      expect(images.parameterName('app-was')).toBe('/strata/dev/images/app-was');
      for (const service of ['app-web', 'app-was'])
        new TerraformOutput(scope, service, { value: images.imageFor(service, `${service}:none`) });
      new TerraformOutput(scope, 'deployed', { value: images.isDeployed('app-web') });
    }),
  );
  expect(Object.values(json.data.aws_ssm_parameters_by_path)).toMatchObject([{ path: '/strata/dev/images' }]);
  const [[local, map]] = Object.entries(json.locals) as [[string, string]];
  expect(map).toMatch(
    /^\$\{zipmap\(data\.aws_ssm_parameters_by_path\..*\.names, nonsensitive\(data\.aws_ssm_parameters_by_path\..*\.values\)\)\}$/,
  );
  expect(json.output['app-web'].value).toBe(`\${lookup(local.${local}, "/strata/dev/images/app-web", "app-web:none")}`);
  expect(json.output['app-was'].value).toBe(`\${lookup(local.${local}, "/strata/dev/images/app-was", "app-was:none")}`);
  expect(json.output.deployed.value).toBe(`\${contains(keys(local.${local}), "/strata/dev/images/app-web")}`);
});

test('names are checked by the rules of Parameter Store', () => {
  expect(refused('a b')).toThrow(
    'project: "a b" is not a part of a parameter name; allowed are letters, digits, dots, hyphens and underscores',
  );
  expect(refused('x', 'a/b')).toThrow('environment: "a/b" is not a part of a parameter name');
  expect(refused('AWSome')).toThrow(
    'project: "AWSome" starts with "aws" or "ssm", which AWS reserves in parameter names; choose another project name',
  );
  expect(refused('ssm-tools')).toThrow('project: "ssm-tools" starts with');
  expect(() => synthResources((scope) => void new DeployedImages(scope, 'images', PROPS).imageFor('a b', 'x'))).toThrow(
    'service: "a b" is not a part of a parameter name',
  );
});
