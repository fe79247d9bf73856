import type { TerraformStack } from 'cdktf';

interface PublicService {
  readonly exposure: string;
  readonly https?: object;
  readonly webAclArn?: string;
  readonly alarms: boolean;
}

/** What a service that the internet reaches lacks, with the keys that add it. */
function missingProtections(name: string, service: PublicService): string[] {
  const key = `services.${name}`;
  return [
    ...(service.https === undefined ? [`serves plain HTTP (set ${key}.https with domainName and hostedZoneId)`] : []),
    ...(service.webAclArn === undefined ? [`has no WAF (set ${key}.webAclArn)`] : []),
    ...(service.alarms ? [] : [`has no alarms (set ${key}.alarms, and alarmEmailAddresses)`]),
  ];
}

/**
 * Lets every plan of a protected environment warn of public services without HTTPS, WAF or alarms. A warning, as none
 * has a default that works everywhere: each needs a domain, a web ACL or an address of the owner, and an environment
 * can be tried out without.
 */
export function noteOpenServices(stack: TerraformStack, services: readonly (readonly [string, PublicService])[]): void {
  const open = services
    .filter(([, { exposure }]) => exposure === 'public')
    .map(([name, service]) => ({ name, missing: missingProtections(name, service) }))
    .filter(({ missing }) => missing.length > 0);
  if (open.length === 0) return;
  stack.addOverride('check.public_services_are_protected', {
    assert: open.map(({ name, missing }) => ({
      // Terraform requires a condition to refer to something; the workspace always exists.
      condition: '${terraform.workspace == ""}',
      error_message: `the environment has deletionProtection, and its public service "${name}" ${missing.join(', ')}.`,
    })),
  });
}
