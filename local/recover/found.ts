/** A resource that AWS has. */
export interface Found {
  readonly type: string;
  /** What Terraform imports it by. */
  readonly id: string;
  readonly arn?: string;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Values by which those of one type are told apart that have neither names nor tags of their own. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Whether it is part of what is the layer's, and so the layer's without tags of its own. */
  readonly isPart?: boolean;
}

/** The tags by which a layer's resources are known. */
export interface Owner {
  readonly project: string;
  readonly environment: string;
  readonly layer: string;
}

/** Whether tags say that a resource is the layer's. */
export function isOwned(tags: Readonly<Record<string, string>> | undefined, owner: Owner): boolean {
  return tags?.project === owner.project && tags.environment === owner.environment && tags.layer === owner.layer;
}

/** Whose it is by its tags, in words. */
export function ownerInWords(tags: Readonly<Record<string, string>> | undefined): string {
  const parts = (['project', 'environment', 'layer'] as const).flatMap((key) =>
    tags?.[key] === undefined ? [] : `${key} ${tags[key]}`,
  );
  return parts.length === 0 ? 'no tags of a layer' : parts.join(', ');
}
