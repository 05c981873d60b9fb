/** Says that something may have happened at the payment provider. We ask the provider what did, so a false hint does no harm. */
export type PaymentHint =
  | { readonly type: 'topup'; readonly topupId: string; readonly sessionId?: string; readonly paymentIntentId?: string }
  | { readonly type: 'payment'; readonly paymentIntentId: string }
  | { readonly type: 'payout'; readonly payoutId: string };

/** A webhook event: which one it is, and what it may be about. */
export interface PaymentNotice {
  readonly eventId: string;
  readonly eventType: string;
  readonly hint: PaymentHint;
}

/** The notices that the payment provider sends: webhook events. */
export abstract class PaymentNotices {
  /**
   * A webhook event, after its signature over exactly these bytes is verified; undefined when the event does not concern us.
   * @throws Refused `invalid_signature`, `wrong_mode`, `thin_event`
   */
  abstract read(body: Buffer, signature: string | undefined): PaymentNotice | undefined;

  /** The events that could not be delivered since an instant (epoch milliseconds). @throws PaymentProviderUnavailable */
  abstract missedSince(epochMs: number): Promise<readonly PaymentNotice[]>;
}
