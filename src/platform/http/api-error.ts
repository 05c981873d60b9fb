// Every error of /v1 in OpenAI's shape: {"error":{"message","type","param","code"}}. One table maps the kinds of refusals to statuses.
import type { JsonObject, Rejection, RejectionKind } from '../../kernel/index.js';

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

const BY_KIND: Readonly<Record<RejectionKind, { readonly status: number; readonly type: string }>> = {
  invalid: { status: 400, type: 'invalid_request_error' },
  unauthenticated: { status: 401, type: 'authentication_error' },
  payment_required: { status: 402, type: 'insufficient_balance' },
  forbidden: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'invalid_request_error' },
  conflict: { status: 409, type: 'invalid_request_error' },
  too_many: { status: 429, type: 'rate_limit_exceeded' },
  bad_gateway: { status: 502, type: 'upstream_error' },
  unavailable: { status: 503, type: 'service_unavailable' },
};

/** What a refusal of the domain means over HTTP. */
export function errorOf({ kind, code, message, details }: Rejection): ApiError {
  const { status, type } = BY_KIND[kind];
  const wait = details['retryAfterSeconds'] ?? (status === 429 || status === 503 ? '1' : undefined);
  return new ApiError({ status, type, code, message, ...(wait !== undefined && { headers: { 'retry-after': wait } }) });
}
