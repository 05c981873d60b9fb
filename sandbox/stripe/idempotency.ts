// https://docs.stripe.com/api/idempotent_requests: a repeated key with the same request gets the first answer, errors
// too; with another request, an error. A request that failed before any work does not use up its key.
import type { Clock } from '../../src/kernel/index.js';
import { StripeFailure } from './errors.js';
import type { Shelf } from './memory.js';

/** "You can remove keys from the system automatically after they're at least 24 hours old." */
const KEPT_MS = 24 * 3_600_000;

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
}

interface Kept {
  readonly request: string;
  readonly answer: Answer;
  readonly at: number;
}

export class Idempotency {
  constructor(
    private readonly kept: Shelf<Kept>,
    private readonly clock: Clock,
  ) {
    for (const [key, { at }] of kept.entries()) if (at < clock.now() - KEPT_MS) kept.delete(key);
  }

  /** The first answer to this key. @throws StripeFailure 400 `idempotency_error` when the request differs. */
  answerTo(key: string, request: string): Answer | undefined {
    const kept = this.kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.request === request) return kept.answer;
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
    throw new StripeFailure(400, { type: 'idempotency_error', message }, false);
  }

  keep(key: string, request: string, answer: Answer): void {
    this.kept.set(key, { request, answer, at: this.clock.now() });
  }
}
