/** A role lets a user do more than every customer may. */
export type Role = (typeof ROLES)[number];

export const ROLES = ['finance', 'operator'] as const;

/** The user who is logged in and makes a request. */
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
    /** Set for routes of customers and roles. */
    principal: Principal;
  }
}
