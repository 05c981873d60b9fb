// Who takes payments: Stripe, or outside production a sandbox that stands in for it over HTTP, so that the way to it is the real one.
import {
  type DynamicModule,
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { CONFIG, type Config, ConfigurationError, isEmbedded } from '../../platform/config.js';
import { randomBase62 } from '../../kernel/index.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { PaymentNotices, PaymentProvider, SavedCards } from '../../payments/index.js';
import { isLiveKey, whatIsReal } from '../../platform/reality.js';
import type { SandboxStripe } from '../../../sandbox/stripe/index.js';
import { NoNotices, NoPayments } from './no-payments.js';
import { StripeCards } from './stripe-cards.js';
import { loadSandbox } from '../load-sandbox.js';
import { checkStripeDouble } from '../sandboxes.js';
import { SANDBOX_STRIPE, SqliteDocumentStore } from '../sqlite/sqlite-document-store.js';
import { stripeClient } from './stripe-client.js';
import { StripeNotices } from './stripe-notices.js';
import { StripePayments } from './stripe-payments.js';

const ACCOUNT = Symbol('Stripe account');

/** What it takes to work with Stripe, or with the double of it that runs here. */
export interface StripeAccount {
  readonly secretKey: string;
  readonly apiUrl?: string | undefined;
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
      'STRIPE_SECRET_KEY is set and STRIPE_WEBHOOK_SECRET is not: anybody could tell this gateway of payments. Set the secret of the webhook that calls /webhooks/stripe.',
    );
  }
  return { secretKey, apiUrl, webhookSecrets: previous === undefined ? [present] : [present, previous] };
}

const clientOf = ({ secretKey, apiUrl }: StripeAccount) => stripeClient(secretKey, apiUrl);

const providersOf = ({ TOPUP_PAYMENT_METHODS }: Config) => [
  {
    provide: PaymentProvider,
    useFactory: (account: StripeAccount) => new StripePayments(clientOf(account), TOPUP_PAYMENT_METHODS.split(',')),
    inject: [ACCOUNT],
  },
  {
    provide: SavedCards,
    useFactory: (account: StripeAccount) => new StripeCards(clientOf(account)),
    inject: [ACCOUNT],
  },
  {
    provide: PaymentNotices,
    useFactory: (account: StripeAccount) => {
      const settings = { secrets: account.webhookSecrets, live: isLiveKey(account.secretKey) };
      return new StripeNotices(clientOf(account), settings);
    },
    inject: [ACCOUNT],
  },
];

@Module({})
class StripeCommandsModule {}

@Global()
@Module({})
export class StripeModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(ACCOUNT) private readonly account: StripeAccount,
    private readonly host: HttpAdapterHost,
    private readonly publicUrl: PublicUrl,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws ConfigurationError */
  static with(config: Config): DynamicModule {
    const account = configuredAccount(config);
    const provider =
      account === undefined
        ? { provide: ACCOUNT, useFactory: () => openSandbox(config) }
        : { provide: ACCOUNT, useValue: account };
    const exports = [PaymentProvider, PaymentNotices, SavedCards];
    return { module: StripeModule, providers: [provider, ...providersOf(config)], exports };
  }

  /** For the command line, which opens no sandbox: without an account, only what needs one is refused. */
  static forCommands(config: Config): DynamicModule {
    checkStripeDouble(config);
    const exports = [PaymentProvider, PaymentNotices];
    if (config.STRIPE_SECRET_KEY === undefined) {
      const none = [
        { provide: PaymentProvider, useClass: NoPayments },
        { provide: PaymentNotices, useClass: NoNotices },
      ];
      return { module: StripeCommandsModule, global: true, providers: none, exports };
    }
    const account = { provide: ACCOUNT, useFactory: () => configuredAccount(config) };
    return { module: StripeCommandsModule, global: true, providers: [account, ...providersOf(config)], exports };
  }

  /** The sandbox delivers to this gateway once it listens. */
  onModuleInit(): void {
    const { sandbox, webhookSecrets, secretKey } = this.account;
    if (whatIsReal(this.config).length > 0 && !isLiveKey(secretKey))
      new Logger('payments').warn(
        'STRIPE_SECRET_KEY is a test key: whoever pays with a test card of Stripe gets credit for calls that providers bill you for',
      );
    const [secret] = webhookSecrets;
    if (sandbox === undefined || secret === undefined) return;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => sandbox.deliverTo(this.publicUrl.link('/webhooks/stripe'), secret));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.account.sandbox?.close();
  }
}

/** Beside the ledger's file, as each is of no use without the other; on servers, where each gateway has one of its own, it forgets. */
async function openSandbox(config: Config): Promise<StripeAccount> {
  const path = `${config.EVENT_STORE_URL.slice('sqlite:'.length).replace(/\.db$/, '')}-sandbox-stripe.db`;
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
