// Every error of /v1 in OpenAI's shape: {"error":{"message","type","param","code"}}. One table maps refusals to statuses.
import type { JsonObject, Rejection } from '../../kernel/index.js';

export interface ApiErrorOptions {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error as the client sees it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly options: ApiErrorOptions) {
    super(options.message);
  }

  get status(): number {
    return this.options.status;
  }

  get body(): JsonObject {
    const { message, type, param, code } = this.options;
    return { error: { message, type, param: param ?? null, code } };
  }
}

export const invalidRequest = (message: string, param?: string, code = 'invalid_request'): ApiError =>
  new ApiError({ status: 400, type: 'invalid_request_error', code, message, param });

export const notFound = (code: string, message: string, param?: string): ApiError =>
  new ApiError({ status: 404, type: 'invalid_request_error', code, message, param });

/** A body of more than `limit` bytes. */
export const tooLarge = (limit: number): ApiError =>
  new ApiError({
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: `The request body is larger than the ${inKiB(limit)} that are taken here. Send less in one request.`,
  });

const inKiB = (bytes: number): string => (bytes % 1_024 === 0 ? `${bytes / 1_024} KiB` : `${bytes} bytes`);

export const modelNotFound = (message: string): ApiError => notFound('model_not_found', message, 'model');

export const serviceUnavailable = (message: string, retryAfterSeconds = 1): ApiError =>
  new ApiError({
    status: 503,
    type: 'service_unavailable',
    code: 'service_unavailable',
    message,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });

/** Before anything was forwarded. */
export const ledgerUnavailable = (): ApiError =>
  serviceUnavailable('The ledger can’t be reached, so nothing can be charged or answered now. Try again in a moment.');

/** After the provider has answered, or failed to. */
export const notSettled = (): ApiError =>
  serviceUnavailable(
    'The ledger can’t be reached, so this answer can’t be completed. What the provider counted for it is charged when the ledger is back.',
  );

export const internalError = (): ApiError =>
  new ApiError({
    status: 500,
    type: 'server_error',
    code: 'internal_error',
    message:
      'Something went wrong in the gateway. Nothing was charged unless your ledger shows it; quote the x-request-id to support.',
  });

const UNAUTHENTICATED = { status: 401, type: 'authentication_error' };
const FORBIDDEN = { status: 403, type: 'permission_error' };
const NOT_FOUND = { status: 404, type: 'invalid_request_error' };
const CONFLICT = { status: 409, type: 'invalid_request_error' };
const BUSY = { status: 429, type: 'rate_limit_exceeded' };

const byCode: Readonly<Record<string, { readonly status: number; readonly type: string }>> = {
  missing_api_key: UNAUTHENTICATED,
  invalid_api_key: UNAUTHENTICATED,
  key_not_found: UNAUTHENTICATED,
  key_revoked: UNAUTHENTICATED,
  key_expired: UNAUTHENTICATED,
  not_logged_in: UNAUTHENTICATED,
  invalid_credentials: UNAUTHENTICATED,
  code_required: UNAUTHENTICATED,
  invalid_code: UNAUTHENTICATED,
  insufficient_balance: { status: 402, type: 'insufficient_balance' },
  account_suspended: FORBIDDEN,
  account_closed: FORBIDDEN,
  credit_frozen: FORBIDDEN,
  ip_not_allowed: FORBIDDEN,
  model_not_allowed: FORBIDDEN,
  budget_exceeded: FORBIDDEN,
  cross_site_request: FORBIDDEN,
  invalid_csrf_token: FORBIDDEN,
  email_not_verified: FORBIDDEN,
  role_required: FORBIDDEN,
  second_factor_required: FORBIDDEN,
  wrong_password: FORBIDDEN,
  login_too_old: FORBIDDEN,
  google_not_configured: NOT_FOUND,
  session_not_found: NOT_FOUND,
  user_not_found: NOT_FOUND,
  already_in_use: CONFLICT,
  key_replaced: CONFLICT,
  key_stopped: CONFLICT,
  credit_left: CONFLICT,
  google_in_use: CONFLICT,
  password_needed: CONFLICT,
  refund_under_way: CONFLICT,
  second_factor_off: CONFLICT,
  second_factor_on: CONFLICT,
  second_person_needed: FORBIDDEN,
  topup_not_found: NOT_FOUND,
  refund_not_found: NOT_FOUND,
  dispute_not_found: NOT_FOUND,
  too_many_lots: CONFLICT,
  topup_not_paid: CONFLICT,
  topup_id_taken: CONFLICT,
  refund_window_over: CONFLICT,
  refund_exceeds_credit: CONFLICT,
  refund_approved: CONFLICT,
  refund_closed: CONFLICT,
  payment_disputed: CONFLICT,
  payment_refused: { status: 502, type: 'upstream_error' },
  payments_unavailable: { status: 503, type: 'service_unavailable' },
  rate_limit_exceeded: BUSY,
  too_many_holds: BUSY,
  too_many_new_keys: BUSY,
  shutting_down: { status: 503, type: 'service_unavailable' },
  clock_ahead: { status: 503, type: 'service_unavailable' },
  stale_command: { status: 503, type: 'service_unavailable' },
};

/** What a refusal of the domain means over HTTP. */
export function errorOf({ code, message, details }: Rejection): ApiError {
  const { status, type } = byCode[code] ?? { status: 400, type: 'invalid_request_error' };
  const wait = details['retryAfterSeconds'] ?? (status === 429 || status === 503 ? '1' : undefined);
  return new ApiError({ status, type, code, message, ...(wait !== undefined && { headers: { 'retry-after': wait } }) });
}
