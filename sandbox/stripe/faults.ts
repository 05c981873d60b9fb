// Faults of the API itself, asked for by tests and through `POST /sandbox/faults`.
import { z } from 'zod';

export const faultSchema = z.strictObject({
  /** As the table of the API names it: `POST /v1/refunds`, `GET /v1/charges/:id`. */
  route: z.string().regex(/^(?:GET|POST|DELETE) \/v1\//),
  /** How many calls in a row; one, when not said. */
  times: z.int().min(1).optional(),
  /** `hang` never answers, `drop` closes the connection. */
  answer: z.union([z.literal(429), z.literal(500), z.literal('hang'), z.literal('drop')]),
  /** Whether the work is done before the answer fails. When not said: not for 429, which Stripe answers instead of working. */
  worked: z.boolean().optional(),
  /** Whether a 500 is what the idempotency key answers from then on, as it is when it comes from Stripe's inside; else it came from before it. */
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

  /** The fault of this call, if there is one. */
  take(route: string): DueFault | undefined {
    const entry = this.#open.find(({ fault, left }) => left > 0 && fault.route === route);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    const { answer, worked = answer !== 429, kept = false } = entry.fault;
    return { answer, worked, kept };
  }
}
