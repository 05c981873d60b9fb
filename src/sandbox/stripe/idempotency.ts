// https://docs.stripe.com/api/idempotent_requests: a key with the same request gets the first one's answer, errors too;
// with another request, an error. What failed before anything was begun does not use the key up.
import { StripeFailure } from './errors.js';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
}

interface Kept {
  readonly request: string;
  readonly answer: Answer;
}

export class Idempotency {
  readonly #kept = new Map<string, Kept>();

  /** The first answer to this key. @throws StripeFailure 400 `idempotency_error` when it was another request. */
  answerTo(key: string, request: string): Answer | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.request === request) return kept.answer;
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
    throw new StripeFailure(400, { type: 'idempotency_error', message }, false);
  }

  keep(key: string, request: string, answer: Answer): void {
    this.#kept.set(key, { request, answer });
  }
}
