// Error answers, with OpenAI's messages: https://platform.openai.com/docs/guides/error-codes

/** An answer other than 200, in OpenAI's terms; other formats use their own shape. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;

  constructor(
    status: number,
    message: string,
    {
      type = 'invalid_request_error',
      param = null,
      code = null,
    }: Partial<Pick<WireError, 'type' | 'param' | 'code'>> = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }
}

/** A 400 that names the parameter at fault. */
export const badRequest = (message: string, param: string | null, code: string | null = null): WireError =>
  new WireError(400, message, { param, code });

/** A provider's error with one of these statuses, although the request itself is fine. */
export function statusError(status: number): WireError {
  switch (status) {
    case 400:
      return badRequest('The sandbox was configured to refuse this request.', null);
    case 401:
      return new WireError(status, 'Incorrect API key provided: sandbox.', { code: 'invalid_api_key' });
    case 404:
      return new WireError(status, 'The model does not exist or you do not have access to it.', {
        param: 'model',
        code: 'model_not_found',
      });
    case 408:
      return new WireError(status, 'Request timed out.', { type: 'timeout' });
    case 429:
      return new WireError(status, 'Rate limit reached for requests. Please try again in 1s.', {
        type: 'requests',
        code: 'rate_limit_exceeded',
      });
    case 413:
      return new WireError(status, 'Request exceeds the maximum size.', { type: 'request_too_large' });
    case 422:
      return new WireError(status, 'The sandbox was configured to call this request unprocessable.');
    case 529:
      return overloaded();
    case 503:
      return new WireError(status, 'The engine is currently overloaded, please try again later.', {
        type: 'service_unavailable',
      });
    default:
      return serverError(status);
  }
}

/** As Anthropic reports it: https://platform.claude.com/docs/en/api/errors */
export const overloaded = (): WireError => new WireError(529, 'Overloaded', { type: 'overloaded_error' });

/** A failure on the provider's side, as a status or inside a stream. */
export const serverError = (status = 500): WireError =>
  new WireError(status, 'The server had an error while processing your request. Sorry about that!', {
    type: 'server_error',
  });
