// What a Studio domain may be and what it is by default. Loads no construct, so that a layer's configuration takes it
// over.
import { isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';

export { DOMAIN_NAME, USER_PROFILE_NAME } from './names';

export const STUDIO_AUTH_MODES = ['IAM', 'SSO'] as const;
export const STUDIO_NETWORK_ACCESS = ['VpcOnly', 'PublicInternetOnly'] as const;

/** Minutes without use after which an application is stopped: `IdleSettings` in the Amazon SageMaker API reference. */
export const STUDIO_IDLE_TIMEOUT_MINUTES = { min: 60, max: 525_600 } as const;
/** Size of a space's volume in GiB: `DefaultEbsStorageSettings` in the Amazon SageMaker API reference. */
export const STUDIO_VOLUME_GIB = { min: 5, max: 16_384 } as const;

export const STUDIO_DEFAULTS = {
  authMode: 'IAM',
  networkAccess: 'VpcOnly',
  idleTimeoutMinutes: 60,
  spaceVolumeGiB: 5,
  maxSpaceVolumeGiB: 100,
  dockerAccess: false,
} as const;

/** What the rules of a Studio domain read. A profile may be its name alone, as a layer's configuration writes it. */
export interface StudioSettings {
  readonly authMode?: string;
  readonly userProfiles?: readonly (string | { readonly name: string; readonly ssoUserName?: string })[];
  readonly spaceVolumeGiB?: number;
  readonly maxSpaceVolumeGiB?: number;
}

/** What is wrong between the options of a Studio domain. */
export function studioProblems(settings: StudioSettings, isKnown: IsKnown = isGiven): OptionProblem[] {
  const { authMode = STUDIO_DEFAULTS.authMode, userProfiles = [] } = settings;
  const volume = settings.spaceVolumeGiB ?? STUDIO_DEFAULTS.spaceVolumeGiB;
  const largest = settings.maxSpaceVolumeGiB ?? STUDIO_DEFAULTS.maxSpaceVolumeGiB;
  const names = userProfiles.map((profile) => (typeof profile === 'string' ? profile : profile.name));
  return [
    ...(isKnown(volume) && isKnown(largest) && volume > largest
      ? [
          {
            path: ['maxSpaceVolumeGiB'],
            message: `${largest} is below spaceVolumeGiB ${volume}; raise it, or lower spaceVolumeGiB`,
          },
        ]
      : []),
    ...userProfiles.flatMap((profile, i): OptionProblem[] => {
      const path = ['userProfiles', i];
      const name = names[i]!;
      const at = (key: string) => (typeof profile === 'string' ? path : [...path, key]);
      return [
        ...(names.indexOf(name) < i
          ? [{ path: at('name'), message: `"${name}" is used twice; give each profile its own name` }]
          : []),
        ...(isKnown(authMode) ? userProblems(profile, authMode, at('ssoUserName')) : []),
      ];
    }),
  ];
}

function userProblems(
  profile: string | { readonly ssoUserName?: string },
  authMode: string,
  path: (string | number)[],
): OptionProblem[] {
  const { ssoUserName } = typeof profile === 'string' ? {} : profile;
  if (authMode !== 'SSO') {
    return ssoUserName === undefined
      ? []
      : [{ path, message: 'has no effect while authMode is "IAM"; leave it out, or use "SSO"' }];
  }
  if (ssoUserName !== undefined) return [];
  const reason = 'with authMode "SSO" each profile belongs to a user of IAM Identity Center';
  return [
    typeof profile === 'string'
      ? { path, input: profile, message: `write { "name": "${profile}", "ssoUserName": "..." }; ${reason}` }
      : { path, message: `is missing; ${reason}` },
  ];
}
