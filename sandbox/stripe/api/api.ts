// The entry to the API: checks the key, the idempotency key and the route, and plays ordered faults.
import { timingSafeEqual } from 'node:crypto';
import { type ErrorBody, StripeFailure } from '../errors.js';
import { expanded } from '../expansion.js';
import { type Fault, Faults } from '../faults.js';
import { expireOverdue } from '../flows/checkout.js';
import { type Form, parseForm } from '../form.js';
import { type Answer, Idempotency } from '../idempotency.js';
import type { World } from '../world.js';
import { ROUTES } from './routes.js';
import { type Route, routeOf } from './route.js';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** The body of a POST, else the query string. */
  readonly params: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** An answer, or a fault without one. */
export type ApiAnswer = (Answer & { readonly replayed: boolean }) | 'hang' | 'drop';

export class Api {
  readonly faults = new Faults();
  readonly #idempotency: Idempotency;

  constructor(
    private readonly world: World,
    private readonly secretKey: string,
  ) {
    const { shelf, clock } = world.options;
    this.#idempotency = new Idempotency(shelf('idempotency'), clock);
  }

  answer(request: ApiRequest): ApiAnswer {
    const requestId = this.world.newId('req');
    try {
      this.#authorise(request.authorization);
      return this.#once(request, requestId);
    } catch (error) {
      return { ...answerOf(error, requestId), replayed: false };
    }
  }

  #authorise(authorization = ''): void {
    const [scheme, credentials = ''] = authorization.split(' ', 2);
    const key = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString().split(':')[0] : credentials;
    const [sent, ours] = [Buffer.from(key ?? ''), Buffer.from(this.secretKey)];
    if (sent.length === ours.length && timingSafeEqual(sent, ours)) return;
    const message =
      authorization === ''
        ? 'You did not provide an API key. Send it as "Authorization: Bearer YOUR_SECRET_KEY".'
        : 'Invalid API Key provided.';
    throw new StripeFailure(401, { type: 'invalid_request_error', message }, false);
  }

  /** The stored answer for this idempotency key, or a new one. */
  #once(request: ApiRequest, requestId: string): ApiAnswer {
    const key = request.method === 'POST' ? request.idempotencyKey : undefined;
    const fingerprint = `${request.path}\n${request.params}`;
    const kept = key === undefined ? undefined : this.#idempotency.answerTo(key, fingerprint);
    const found = routeOf(ROUTES, request.method, request.path);
    const fault = found && this.faults.take(`${found.route.method} ${found.route.path}`);
    const failed = fault && outcomeOf(fault, requestId);
    if (kept !== undefined) return failed ?? { ...kept, replayed: true };
    const answer = fault?.worked === false ? undefined : this.#work(request, found, requestId);
    const isKept = fault?.kept === true && typeof failed === 'object';
    if (key !== undefined && isKept) this.#idempotency.keep(key, fingerprint, failed);
    else if (key !== undefined && answer?.begun === true) this.#idempotency.keep(key, fingerprint, answer);
    return failed ?? { ...(answer as Answer), replayed: false };
  }

  #work(
    { method, path, params, idempotencyKey }: ApiRequest,
    found: { route: Route; id: string } | undefined,
    requestId: string,
  ): Answer & { begun: boolean } {
    this.world.cause = { id: requestId, idempotency_key: idempotencyKey ?? null };
    let isDone = false;
    try {
      if (found === undefined) {
        const message = `Unrecognized request URL (${method}: ${path}), or not available in the sandbox.`;
        throw new StripeFailure(404, { type: 'invalid_request_error', message }, false);
      }
      expireOverdue(this.world);
      const { expand, ...form } = parseForm(params);
      const result = found.route.run(this.world, form, found.id);
      isDone = true;
      const body = expanded(this.world, result, pathsOf(expand));
      return { status: 200, body: JSON.stringify(body, null, 2), requestId, begun: true };
    } catch (error) {
      return { ...answerOf(error, requestId), begun: isDone || (error instanceof StripeFailure && error.begun) };
    } finally {
      this.world.cause = null;
    }
  }
}

const pathsOf = (expand: Form[string] | undefined): string[] =>
  Array.isArray(expand) ? expand.filter((path) => typeof path === 'string') : [];

const outcomeOf = ({ answer }: Pick<Fault, 'answer'>, requestId: string): ApiAnswer => {
  if (answer === 'hang' || answer === 'drop') return answer;
  return { ...failed(answer, FAULTS[answer], requestId), replayed: false };
};

const FAULTS = {
  409: {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: 'There is currently another in-progress request using this Idempotent Key. Please try again later.',
  },
  429: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests. Try again later.' },
  500: { type: 'api_error', message: 'Something went wrong here.' },
} as const satisfies Record<number, ErrorBody>;

function answerOf(error: unknown, requestId: string): Answer {
  if (error instanceof StripeFailure) return failed(error.status, error.body, requestId);
  console.error(error);
  return failed(500, { type: 'api_error', message: 'The sandbox Stripe has an error of its own.' }, requestId);
}

const failed = (status: number, error: ErrorBody, requestId: string): Answer => ({
  status,
  body: JSON.stringify({ error }, null, 2),
  requestId,
});
