/** Where a call is made, for ARNs that a request names by a part only. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}
