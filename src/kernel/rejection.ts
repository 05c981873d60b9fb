/** The kind of a refusal. HTTP has one status for each. */
export type RejectionKind =
  | 'invalid'
  | 'unauthenticated'
  | 'payment_required'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'bad_gateway'
  | 'unavailable';

/**
 * A command was refused: nothing happened. Carries a stable code, a sentence with the reason, and the figures behind
 * it.
 */
export class Rejection {
  constructor(
    readonly kind: RejectionKind,
    readonly code: string,
    readonly message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {}
}

export const refuse = (
  kind: RejectionKind,
  code: string,
  message: string,
  details?: Readonly<Record<string, string>>,
): Rejection => new Rejection(kind, code, message, details);

/** A rejection thrown by code that can't return one (command handlers, the command line). */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly rejection: Rejection) {
    super(rejection.message);
  }
}

/** Returns an accepted outcome, or throws the rejection as `Refused`. */
export function accepted<T>(outcome: T | Rejection): T {
  if (outcome instanceof Rejection) throw new Refused(outcome);
  return outcome;
}
