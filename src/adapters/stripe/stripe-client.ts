import { Logger } from '@nestjs/common';
import { Stripe } from 'stripe';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../../payments/index.js';

const TIMEOUT_MS = 20_000;
const RETRIES = 2;

/** A client of Stripe, or of a double of it at `apiUrl`. */
export function stripeClient(secretKey: string, apiUrl?: string): Stripe {
  const settings = { timeout: TIMEOUT_MS, maxNetworkRetries: RETRIES, telemetry: false } as const;
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
