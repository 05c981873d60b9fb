/** That something may have happened at the payment provider. What did, the provider is asked: a hint that is false does no harm. */
export type PaymentHint =
  | { readonly type: 'topup'; readonly topupId: string; readonly sessionId?: string; readonly paymentIntentId?: string }
  | { readonly type: 'payment'; readonly paymentIntentId: string }
  | { readonly type: 'payout'; readonly payoutId: string };

/** What the payment provider tells by itself. */
export abstract class PaymentNotices {
  /**
   * What a webhook tells, once its signature over exactly these bytes is verified; undefined when it is of no concern to us.
   * @throws Refused `invalid_signature`, `wrong_mode`
   */
  abstract read(body: Buffer, signature: string | undefined): PaymentHint | undefined;

  /** What could not be delivered since an instant (epoch milliseconds), each once. @throws PaymentProviderUnavailable */
  abstract missedSince(epochMs: number): Promise<readonly PaymentHint[]>;
}
