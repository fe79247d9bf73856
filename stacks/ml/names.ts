// The physical names of what the layer makes. Loads no construct.

interface Named {
  readonly namePrefix?: string;
  readonly endpointName: string;
}

/** Puts the configuration's prefix in front of a name. */
export function prefixed({ namePrefix }: Pick<Named, 'namePrefix'>, name: string): string {
  return namePrefix === undefined ? name : `${namePrefix}-${name}`;
}

/** Name of the endpoint of a configuration: what other layers call it until this one is deployed. */
export function endpointNameOf(config: Named): string {
  return prefixed(config, config.endpointName);
}
