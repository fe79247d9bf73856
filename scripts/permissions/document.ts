// docs/permissions.md: what it takes to plan and to deploy each layer.
import { layerNames, type Layer } from '../changes/layers';
import { CONFIGURATIONS } from './configurations';
import type { Permission } from './permission';
import { readCalls, recordedLayers } from './read-calls';

const INTRODUCTION = `# Permissions of who deploys

Written by \`npm run permissions -- --document\`. Do not edit it: change \`scripts/permissions/\`, and run the command again.

\`\`\`sh
STRATA_ENVIRONMENT=prod npm run permissions -- network --account=123456789012
STRATA_ENVIRONMENT=prod npm run permissions -- network --account=123456789012 --oidc=github:example/shop
\`\`\`

The command prints the least IAM policies of a layer as JSON: \`plan\` for who plans it, \`apply\` for who applies, changes
and destroys it, who needs both. ARNs have the names, the region and the \`namePrefix\` of the environment. With \`--oidc\` it
also prints \`trust\`: the trust policies of two roles of a CI. GitHub's jobs plan for pull requests and on \`main\`, and
apply in the GitHub environment of the same name as ours, whose protection rules say who approves. GitLab's jobs plan on
every branch, and apply on \`main\`; protect it. The account needs the identity provider first:
\`aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com\`
(\`https://gitlab.com\` for both with GitLab). The emulator checks the trust as AWS does
([emulator.md](emulator.md#what-it-refuses)).

A GitHub repository that was created, renamed or transferred after 15 July 2026, or that opted in, has
[ids in its subjects](https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims). Name them:
\`--oidc=github:example@123456/shop@456789\`. \`gh api repos/example/shop --jq '"github:\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"'\`
prints them. The role of the one form trusts no token of the other: AWS answers \`Not authorized to perform
sts:AssumeRoleWithWebIdentity\`.

## Where it comes from

A layer is planned, applied, changed and destroyed in an emulator of AWS with the real Terraform and provider. The
emulator records each call: its action, what it is about, the roles it passes and the tags it gives. Ids that AWS gives are
\`*\`; names are kept. An e2e test plans, deploys, changes and destroys a layer as roles that have exactly these policies,
which it assumes with the token of a CI. CI tries the registry;
\`STRATA_PERMISSIONS_LAYERS=compute npm test -- __tests__/e2e/permissions\` tries others.

- **Other configurations** may need more. The layer was deployed and changed with the configurations below; give names
  of your own, such as another \`logGroupName\`, to the policies as well. To record with other ones, change
  \`scripts/permissions/configurations.ts\` and run \`npm run permissions -- --record <layer>\`.
- **State** in S3 takes besides what \`stateWriterStatements\` of \`@strata/s3\` returns ([state.md](state.md)), and that of
  neighbours what \`stateReaderStatements\` returns.
- **Service-linked roles** are in the policies: a service makes one when it is first used in an account.
- **What no emulator knows**: whether AWS asks for a permission that its service authorization reference does not list.
  AccessDenied names the action and the resource.
- **Another version of the provider** may make other calls: it was recorded with the oldest that is supported, 5.100.
- **A source by CodeConnections** takes \`codestar-connections:PassConnection\` besides, and the layer's own connections the
  actions on them.
- **Buckets that are not empty**: \`forceDestroy\` takes \`s3:DeleteObject\`, \`s3:DeleteObjectVersion\` and
  \`s3:ListBucketVersions\` besides. The recorded buckets were empty.
- **Removing a tag** takes the service's action for it besides, such as \`ecr:UntagResource\` or \`ec2:DeleteTags\`: the
  recorded change adds tags and removes none.
- **Changing an option** that renames something needs both names; the policies have those of the environment as it is.

`;

export function permissionsDocument(): string {
  const missing = layerNames.filter((layer) => !recordedLayers().includes(layer));
  const note = missing.length === 0 ? '' : `Not recorded yet: ${missing.join(', ')}.\n\n`;
  return `${INTRODUCTION}${note}${recordedLayers().map(section).join('\n')}`;
}

function section(layer: Layer): string {
  const { before, deployed, changed } = CONFIGURATIONS[layer];
  const { plan, apply } = readCalls(layer);
  const services = [...new Set([...plan, ...apply].map(({ action }) => serviceOf(action)))].sort();
  const rows = services.map(
    (service) => `| ${service} | ${actionsOf(plan, service)} | ${actionsOf(newIn(apply, plan), service)} |`,
  );
  return [
    `## ${layer}`,
    '',
    `Deployed with \`${JSON.stringify(deployed)}\`, changed to \`${JSON.stringify(changed)}\`` +
      `${before === undefined ? '' : `, after ${Object.keys(before).join(', ')}`}.`,
    '',
    '| service | to plan | to apply besides |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

function actionsOf(permissions: readonly Permission[], service: string): string {
  const names = permissions.map(({ action }) => action).filter((action) => serviceOf(action) === service);
  return [...new Set(names)].map((action) => action.slice(service.length + 1)).join(', ') || '–';
}

function newIn(permissions: readonly Permission[], others: readonly Permission[]): Permission[] {
  return permissions.filter(({ action }) => !others.some((other) => other.action === action));
}
