// Errors as Stripe words them: https://docs.stripe.com/api/errors

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
    /** False when nothing was begun: then an idempotency key is not used up by it. */
    readonly begun = true,
  ) {
    super(body.message);
  }
}

/** 400 for a request that was understood but can't be done. */
export const refusal = (code: string | undefined, message: string, param?: string): StripeFailure =>
  new StripeFailure(400, {
    type: 'invalid_request_error',
    message,
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
  });

/** 400 for parameters that don't hold. */
export const badParams = (code: string | undefined, message: string, param?: string): StripeFailure =>
  new StripeFailure(400, refusal(code, message, param).body, false);

export const missing = (what: string, id: string, param = 'id'): StripeFailure =>
  new StripeFailure(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  });
