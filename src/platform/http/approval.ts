// What the second of two people sends who approves what another one asked for or proposed.
import { InstantField, ReasonField } from './request-fields.js';

export class Approval {
  @ReasonField({ optional: true })
  readonly reason?: string;
}

export class ApproveProposal extends Approval {
  @InstantField('the instant of the proposal as it was shown; one that was proposed anew since is refused', {
    optional: true,
  })
  readonly proposed_at?: string;
}
