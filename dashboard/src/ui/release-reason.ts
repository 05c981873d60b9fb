/** Why nothing was charged, where we have words for it. */
const RELEASE_REASONS = [
  'upstream_error',
  'upstream_timeout',
  'usage_unknown',
  'refused_by_provider',
  'expired',
  'gateway_restarted',
  'not_forwarded',
] as const;

export const releaseReason = (reason: string | null) => RELEASE_REASONS.find((each) => each === reason);
