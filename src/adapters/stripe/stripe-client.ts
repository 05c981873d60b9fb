import { Logger } from '@nestjs/common';
import { Stripe } from 'stripe';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../../payments/index.js';

const TIMEOUT_MS = 20_000;
const RETRIES = 2;

/** A client of Stripe, or of a double of it at `apiUrl`; with `fetches` it leaves as all that is fetched (`prepareOutgoing`). */
export function stripeClient(secretKey: string, apiUrl?: string, fetches = false): Stripe {
  const httpClient = fetches ? Stripe.createFetchHttpClient() : Stripe.createNodeHttpClient();
  const settings = { httpClient, timeout: TIMEOUT_MS, maxNetworkRetries: RETRIES, telemetry: false };
  if (apiUrl === undefined) return new Stripe(secretKey, settings);
  const { hostname, port, protocol } = new URL(apiUrl);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return new Stripe(secretKey, { ...settings, host: hostname, protocol: scheme, ...(port !== '' && { port }) });
}

/** @throws PaymentProviderUnavailable, PaymentProviderRefused */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}

/** The same for an object that may not exist; undefined then. */
export async function found<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && error.code === 'resource_missing') return undefined;
    throw translated(error);
  }
}

/** More errors in a row than Stripe has of its own. */
const MOST_KEYS = 5;

/**
 * Makes something under an idempotency key. Stripe repeats its answer to a key for a day, an error of its own too
 * (docs.stripe.com/api/idempotent_requests), so a request that gets such an error again is tried under a further key, the same each time. Only for what asks
 * nobody for money: where `made` does not find what the failed request may have made, that stays at Stripe beside the new one.
 */
export async function underKeys<T>(
  key: string,
  make: (options: { readonly idempotencyKey: string }) => Promise<T>,
  made?: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await make({ idempotencyKey: attempt === 1 ? key : `${key}/${attempt}` });
    } catch (error) {
      if (attempt === MOST_KEYS || !isRepeated(error)) throw error;
      const already = await made?.();
      if (already !== undefined) return already;
    }
  }
}

const isRepeated = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true';

const log = new Logger('Stripe');

/** A request that is wrong in itself is refused for good; any other may work later (docs.stripe.com/error-low-level). */
function translated(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { StripeInvalidRequestError, StripeCardError } = Stripe.errors;
  const final = error instanceof StripeInvalidRequestError || error instanceof StripeCardError;
  const detail = `Stripe: ${error.message}${error.requestId ? ` (request ${error.requestId})` : ''}`;
  log.warn(detail);
  return final ? new PaymentProviderRefused(detail) : new PaymentProviderUnavailable(detail);
}
