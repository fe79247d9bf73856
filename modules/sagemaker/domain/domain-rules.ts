// What a Studio domain may be and what it is by default. Loads no construct, so that a layer's configuration takes it
// over.
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
