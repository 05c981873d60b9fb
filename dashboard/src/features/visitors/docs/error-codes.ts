/** The error codes of /v1 by status, as docs/api.md has them under "Errors"; a spec holds the two together. */
export const ERROR_CODES = [
  [400, ['invalid_request', 'invalid_json', 'invalid_encoding', 'json_too_complex']],
  [401, ['missing_api_key', 'invalid_api_key', 'key_revoked', 'key_expired']],
  [402, ['insufficient_balance']],
  [403, ['model_not_allowed', 'ip_not_allowed', 'budget_exceeded', 'account_suspended', 'credit_frozen']],
  [404, ['model_not_found', 'charge_not_found', 'unknown_url']],
  [408, ['request_timeout']],
  [413, ['request_too_large']],
  [415, ['unsupported_content_encoding']],
  [429, ['rate_limit_exceeded', 'too_many_holds', 'too_many_bytes']],
  [501, ['unsupported_endpoint']],
  [502, ['upstream_error']],
  [503, ['service_unavailable', 'server_overloaded', 'shutting_down', 'stale_command']],
  [504, ['upstream_timeout']],
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number][1][number];
