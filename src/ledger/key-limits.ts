/** The most that the settings of a key may be. */
export const KEY_LIMITS = {
  /** UTF-16 units of its name. */
  name: 100,
  requestsPerMinute: 1_000_000,
  tokensPerMinute: 1_000_000_000,
  parallelRequests: 10_000,
  allowedModels: { entries: 200, units: 200 },
  allowedIps: { entries: 200, units: 50 },
} as const;
