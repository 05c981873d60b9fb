// The one rule of sandboxes: they run on one's own machine, for trials, and never beside anything real. Otherwise credit for made-up money
// would buy calls that a provider bills, real money would buy made-up answers, and the mailbox would show everybody's login links.
import { type Config, ConfigurationError } from '../../platform/config.js';
import { isLoopback } from '../../kernel/index.js';
import type { Channel } from '../../proxy/index.js';
import { leadsAway, whatIsReal } from '../../platform/reality.js';

type Channels = readonly Pick<Channel, 'name' | 'baseUrl'>[];

/** @throws ConfigurationError that names every sandbox, everything real, and what to do */
export function checkSandboxes(config: Config, channels: Channels): void {
  check(sandboxesOf(config, channels), [...whatIsReal(config), ...realToOthers(config, channels)]);
}

/** The same for the command line, which starts no sandbox but may be configured to use one. @throws ConfigurationError */
export function checkStripeDouble(config: Config): void {
  check(config.STRIPE_API_URL === undefined ? [] : [DOUBLE], whatIsReal(config));
}

function check(sandboxes: readonly string[], real: readonly string[]): void {
  if (sandboxes.length === 0 || real.length === 0) return;
  const lines = ['Sandboxes, and what takes their place:', ...indented(sandboxes), 'Real:', ...indented(real)];
  throw new ConfigurationError(
    `A sandbox is for trying token-hub on one’s own machine, and does not run beside what is real.\n${lines.join('\n')}\nSet the one or leave out the other (docs/start.md, "Sandboxes").`,
  );
}

const indented = (sentences: readonly string[]): string[] => sentences.map((sentence) => `  ${sentence}`);

const DOUBLE = 'STRIPE_API_URL is for tests, so payments go to a double of Stripe: unset it.';

/** The sandboxes that stand in for missing configuration, as sentences that say what to configure. */
function sandboxesOf(config: Config, channels: Channels): string[] {
  const found = {
    'No model provider is configured, so answers are made up: set a provider’s key, such as OPENAI_API_KEY, or CHANNELS_FILE.':
      channels.length === 0,
    'No payment provider is configured, so credit is bought with made-up money: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.':
      config.STRIPE_SECRET_KEY === undefined,
    [DOUBLE]: config.STRIPE_API_URL !== undefined,
    'No mail server is configured, so everybody’s mail is shown at /sandbox/mailbox: set SMTP_URL and MAIL_FROM.':
      config.SMTP_URL === undefined,
    'GOOGLE_ISSUER is for tests, so a program on this machine says who people are: unset it.':
      config.GOOGLE_CLIENT_ID !== undefined && !leadsAway(config.GOOGLE_ISSUER),
  };
  return Object.keys(found).filter((sentence) => found[sentence as keyof typeof found]);
}

/** On one's own machine, a real provider or Google beside made-up money harms nobody, as long as nobody else can reach the gateway. */
function realToOthers({ HOST, TRUST_PROXY, GOOGLE_CLIENT_ID, GOOGLE_ISSUER }: Config, channels: Channels): string[] {
  const open = [
    ...(isLoopback(HOST) ? [] : [`HOST=${HOST}`]),
    ...(TRUST_PROXY ? ['TRUST_PROXY=true (a proxy leads others here)'] : []),
  ].join(' and ');
  if (open === '') return [];
  const real = channels.filter(({ baseUrl }) => leadsAway(baseUrl)).map(({ name }) => `channel "${name}"`);
  if (GOOGLE_CLIENT_ID !== undefined && leadsAway(GOOGLE_ISSUER)) real.push('logging in with Google');
  return real.map((what) => `${what}, to others than who sits at this machine: ${open}`);
}
