/** A decision against a command: nothing happened, and this is why. Carries a stable code, a sentence, and the figures behind it. */
export class Rejection {
  constructor(
    readonly code: string,
    readonly message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {}
}

export const refuse = (code: string, message: string, details?: Readonly<Record<string, string>>): Rejection =>
  new Rejection(code, message, details);

/** A rejection on its way through code that can only throw (command handlers, the command line). */
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
