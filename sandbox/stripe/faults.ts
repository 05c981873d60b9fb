// Faults of the API itself, requested by tests and through `POST /sandbox/faults`.
import { z } from 'zod';

export const faultSchema = z.strictObject({
  /** As in the route table: `POST /v1/refunds`, `GET /v1/charges/:id`. */
  route: z.string().regex(/^(?:GET|POST|DELETE) \/v1\//),
  /** The number of calls in a row; 1 by default. */
  times: z.int().min(1).optional(),
  /** `hang` never answers, `drop` closes the connection; 409 says that another request with the same key is under way. */
  answer: z.union([z.literal(409), z.literal(429), z.literal(500), z.literal('hang'), z.literal('drop')]),
  /**
   * Whether the work is done before the answer fails. By default it is, except for 409 and 429, which Stripe answers
   * instead of working.
   */
  worked: z.boolean().optional(),
  /**
   * Whether the idempotency key keeps the 500, as when it comes from within Stripe; otherwise the fault happened before
   * Stripe's code.
   */
  kept: z.boolean().optional(),
});
export type Fault = Readonly<z.infer<typeof faultSchema>>;

interface DueFault {
  readonly answer: Fault['answer'];
  readonly worked: boolean;
  readonly kept: boolean;
}

export class Faults {
  readonly #open: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#open.push({ fault, left: fault.times ?? 1 });
  }

  /** The fault for this call, if there is one. */
  take(route: string): DueFault | undefined {
    const entry = this.#open.find(({ fault, left }) => left > 0 && fault.route === route);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    const { answer, worked = answer !== 409 && answer !== 429, kept = false } = entry.fault;
    return { answer, worked, kept };
  }
}
