// Errors in Stripe's words: https://docs.stripe.com/api/errors

export interface ErrorBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly payment_intent?: object;
}

export class StripeFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    /** False when the work had not begun: such an error does not use up an idempotency key. */
    readonly begun = true,
  ) {
    super(body.message);
  }
}

/** 400 for a valid request that can't be carried out. */
export const refusal = (code: string | undefined, message: string, param?: string): StripeFailure =>
  new StripeFailure(400, {
    type: 'invalid_request_error',
    message,
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
  });

/** 400 for invalid parameters. */
export const badParams = (code: string | undefined, message: string, param?: string): StripeFailure =>
  new StripeFailure(400, refusal(code, message, param).body, false);

export const missing = (what: string, id: string, param = 'id'): StripeFailure =>
  new StripeFailure(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  });
