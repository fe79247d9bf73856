/** A shape of an API model: what a value looks like, and what AWS asks of it. */
export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, MemberReference>>;
  readonly member?: MemberReference;
  readonly key?: MemberReference;
  readonly value?: MemberReference;
  readonly flattened?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly sensitive?: boolean;
  readonly payload?: string;
  readonly streaming?: boolean;
  readonly document?: boolean;
}

export interface MemberReference {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly streaming?: boolean;
}

export interface Operation {
  readonly name: string;
  readonly deprecated?: boolean;
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
}

/** What AWS publishes about one service: its operations and their shapes. */
export interface ServiceModel {
  /** botocore's name of the service: `elbv2`. */
  readonly name: string;
  readonly metadata: {
    readonly apiVersion: string;
    readonly protocol: string;
    readonly protocols?: readonly string[];
    readonly jsonVersion?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}
