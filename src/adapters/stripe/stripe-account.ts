import { Logger } from '@nestjs/common';
import { randomBase62 } from '../../kernel/index.js';
import { type Config, ConfigurationError, fileOf, isEmbedded } from '../../platform/config.js';
import type { SandboxStripe } from '../../../sandbox/stripe/index.js';
import { loadSandbox } from '../sandboxes/load-sandbox.js';
import { SANDBOX_STRIPE, SqliteDocumentStore } from '../sqlite/sqlite-document-store.js';

/** The injection token of the `StripeAccount`. */
export const STRIPE_ACCOUNT = Symbol('Stripe account');

/** The account at Stripe, or at the sandbox that stands in for Stripe. */
export interface StripeAccount {
  readonly secretKey: string;
  readonly apiUrl?: string | undefined;
  /** The secrets of the webhook: the present one and, during a rotation, the previous one. */
  readonly webhookSecrets: readonly string[];
  readonly sandbox?: SandboxStripe;
}

/** The account that is configured; undefined when none is. @throws ConfigurationError for one that can’t be used */
export function configuredAccount(config: Config): StripeAccount | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl } = config;
  const [present, previous] = [config.STRIPE_WEBHOOK_SECRET, config.STRIPE_WEBHOOK_SECRET_PREVIOUS];
  if (secretKey === undefined) return undefined;
  if (present === undefined) {
    throw new ConfigurationError(
      'STRIPE_SECRET_KEY is set and STRIPE_WEBHOOK_SECRET is not: anybody could report payments to this gateway. Set it to the signing secret of the webhook that calls /webhooks/stripe.',
    );
  }
  return { secretKey, apiUrl, webhookSecrets: previous === undefined ? [present] : [present, previous] };
}

/** Keeps its payments beside the ledger’s file, as neither is of use without the other. With servers, it forgets them at the end. */
export async function sandboxAccount(config: Config): Promise<StripeAccount> {
  const path = `${fileOf(config.EVENT_STORE_URL).replace(/\.db$/, '')}-sandbox-stripe.db`;
  const documents = isEmbedded(config)
    ? await SqliteDocumentStore.open(path, SANDBOX_STRIPE).catch((error: Error) => {
        throw new ConfigurationError(error.message, { cause: error });
      })
    : undefined;
  const { startSandboxStripe } = await loadSandbox(() => import('../../../sandbox/stripe/index.js'));
  const sandbox = await startSandboxStripe({ documents });
  new Logger('SANDBOX Stripe').warn(
    `no payment provider is configured: a SANDBOX takes made-up money at ${sandbox.url}`,
  );
  return { secretKey: 'sk_test_sandbox', apiUrl: sandbox.url, webhookSecrets: [`whsec_${randomBase62(32)}`], sandbox };
}
