// Faults of the API itself, asked for by tests.

export interface Fault {
  /** As the table of the API names it: `POST /v1/refunds`, `GET /v1/charges/:id`. */
  readonly route: string;
  /** How many calls in a row; one, when not said. */
  readonly times?: number;
  /** `hang` never answers, `drop` closes the connection. */
  readonly answer: 429 | 500 | 'hang' | 'drop';
  /** Whether the work is done before the answer fails. When not said: not for 429, which Stripe answers instead of working. */
  readonly worked?: boolean;
  /** Whether a 500 is what the idempotency key answers from then on, as it is when it comes from Stripe's inside; else it came from before it. */
  readonly kept?: boolean;
}

export class Faults {
  readonly #open: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#open.push({ fault, left: fault.times ?? 1 });
  }

  /** The fault of this call, if there is one. */
  take(route: string): Required<Fault> | undefined {
    const entry = this.#open.find(({ fault, left }) => left > 0 && fault.route === route);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return { times: 1, worked: entry.fault.answer !== 429, kept: false, ...entry.fault };
  }
}
