/** What a person may do beside what every customer may. */
export type Role = (typeof ROLES)[number];

export const ROLES = ['finance', 'operator'] as const;

/** A person who is logged in. */
export interface Principal {
  readonly userId: string;
  /** Their ledger account. */
  readonly accountId: string;
  readonly roles: readonly Role[];
  readonly sessionId: string;
  /** Whether this session was opened with a second factor. Finance and operators need one. */
  readonly secondFactor: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of /api, but for routes that anyone may call. */
    principal: Principal;
  }
}
