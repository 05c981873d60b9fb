// What is real: money, people, and addresses that lead others here. Sandboxes never run beside it (`adapters/sandboxes`).
import type { Config } from './config.js';
import { isLoopback } from '../kernel/index.js';

type Settings = Pick<Config, 'NODE_ENV' | 'STRIPE_SECRET_KEY' | 'PUBLIC_URL' | 'SMTP_URL'>;

/** Whether a key moves real money (https://docs.stripe.com/keys). Stripe’s test keys move none. */
export const isLiveKey = (secretKey: string): boolean => /^[a-z]+_live_/.test(secretKey);

/** Whether a URL leads to another machine, or may. */
export const leadsAway = (url: string): boolean => !(URL.canParse(url) && isLoopback(new URL(url).hostname));

/** Everything real, as sentences; empty for a trial on one's own machine. */
export function whatIsReal({ NODE_ENV, STRIPE_SECRET_KEY, PUBLIC_URL, SMTP_URL }: Partial<Settings>): string[] {
  const found = {
    'NODE_ENV=production': NODE_ENV === 'production',
    'STRIPE_SECRET_KEY is a live key': STRIPE_SECRET_KEY !== undefined && isLiveKey(STRIPE_SECRET_KEY),
    [`PUBLIC_URL=${PUBLIC_URL} leads people here from elsewhere`]: PUBLIC_URL !== undefined && leadsAway(PUBLIC_URL),
    'SMTP_URL sends mail to people': SMTP_URL !== undefined && leadsAway(SMTP_URL),
  };
  return Object.keys(found).filter((sentence) => found[sentence as keyof typeof found]);
}
