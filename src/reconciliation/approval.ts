// The second of two people about what does not agree.
export interface Approval {
  /** A user id. */
  readonly approvedBy: string;
  readonly reason?: string | undefined;
  /** Of when the proposal is that they approve; without, whatever is proposed. */
  readonly proposedAt?: string | undefined;
}
