// What may run beside what: every mixture of a sandbox and something real.
import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig } from '../../platform/config.js';
import { checkSandboxes, checkStripeDouble } from './check-sandboxes.js';

type Env = Readonly<Record<string, string>>;

const AWAY = 'https://api.provider.example/v1';
const HERE = 'http://127.0.0.1:11434/v1';
/** A gateway with nothing missing and nothing real: the test keys of Stripe, and servers of one's own machine. */
const COMPLETE = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'w', SMTP_URL: 'smtp://localhost:1025' };

const check = (env: Env, provider = HERE): void =>
  checkSandboxes(loadConfig({ ...COMPLETE, ...env }), provider === '' ? [] : [{ name: 'mine', baseUrl: provider }]);

const SANDBOXES: Readonly<Record<string, readonly [Env, provider?: string]>> = {
  'No model provider is configured': [{}, ''],
  'No payment provider is configured': [{ STRIPE_SECRET_KEY: '' }],
  'STRIPE_API_URL is for tests': [{ STRIPE_API_URL: 'http://127.0.0.1:12111' }],
  'No mail server is configured': [{ SMTP_URL: '' }],
  'GOOGLE_ISSUER is for tests': [{ GOOGLE_CLIENT_ID: 'c', GOOGLE_ISSUER: 'http://localhost:9000' }],
};

const REAL: Readonly<Record<string, Env>> = {
  'NODE_ENV=production': { NODE_ENV: 'production' },
  'STRIPE_SECRET_KEY is a live key': { STRIPE_SECRET_KEY: 'sk_live_1' },
  'STRIPE_SECRET_KEY is a live key (restricted)': { STRIPE_SECRET_KEY: 'rk_live_1' },
  'PUBLIC_URL=https://hub.example leads people here': { PUBLIC_URL: 'https://hub.example' },
  'PUBLIC_URL=http://192.168.0.7:8080 leads people here': { PUBLIC_URL: 'http://192.168.0.7:8080' },
  'SMTP_URL sends mail to people': { SMTP_URL: 'smtps://user:secret@mail.example:465' },
};

const mixtures = Object.entries(SANDBOXES).flatMap(([sandbox, [env, provider]]) =>
  Object.entries(REAL)
    .filter(([, real]) => Object.keys(real).every((name) => !(name in env)))
    .map(([name, real]) => [sandbox, name.replace(/ \(.*/, ''), { ...env, ...real }, provider] as const),
);

describe('a sandbox beside what is real stops the start, and both are named', () => {
  it.each(mixtures)('%s; %s', (sandbox, real, env, provider) => {
    const start = () => check(env, provider);
    expect(start).toThrow(ConfigurationError);
    for (const sentence of [sandbox, real, 'docs/start.md']) expect(start).toThrow(sentence);
    expect(start).not.toThrow('secret@');
  });

  it('with all of either, not one after the other', () => {
    const start = () => check({ NODE_ENV: 'production', STRIPE_SECRET_KEY: '', SMTP_URL: '' }, '');
    for (const name of ['OPENAI_API_KEY', 'STRIPE_WEBHOOK_SECRET', 'MAIL_FROM']) expect(start).toThrow(name);
  });
});

describe('a sandbox beside a real provider, or Google, is for who sits at the machine', () => {
  const sandboxes = Object.entries(SANDBOXES).filter(([, [, provider]]) => provider === undefined);

  it.each(sandboxes)('%s', (_sandbox, [env]) => {
    expect(() => check(env, AWAY)).not.toThrow();
    const openings: Env[] = [{ HOST: '0.0.0.0' }, { HOST: '192.168.0.7' }, { HOST: '::' }, { TRUST_PROXY: 'true' }];
    for (const open of openings)
      expect(() => check({ ...env, ...open }, AWAY), JSON.stringify(open)).toThrow('channel "mine", to others');
  });

  it('Google', () => {
    const google = { SMTP_URL: '', GOOGLE_CLIENT_ID: 'c' };
    expect(() => check(google)).not.toThrow();
    expect(() => check({ ...google, HOST: '0.0.0.0' })).toThrow('logging in with Google, to others');
  });
});

describe('what starts', () => {
  it.each<[string, Env, string?]>([
    ['the demo', { STRIPE_SECRET_KEY: '', STRIPE_WEBHOOK_SECRET: '', SMTP_URL: '' }, ''],
    ['the demo on every interface', { STRIPE_SECRET_KEY: '', SMTP_URL: '', HOST: '0.0.0.0', TRUST_PROXY: 'true' }, ''],
    ['the demo by another name of this machine', { SMTP_URL: '', PUBLIC_URL: 'https://hub.localhost' }, ''],
    ['test keys of Stripe beside sandboxes', { SMTP_URL: '' }, ''],
    ['a mail catcher of this machine beside sandboxes', { STRIPE_SECRET_KEY: '' }, ''],
    ['a server of models of this machine, open to others', { SMTP_URL: '', HOST: '0.0.0.0' }, HERE],
    [
      'all that is real',
      {
        ...REAL['NODE_ENV=production'],
        STRIPE_SECRET_KEY: 'sk_live_1',
        SMTP_URL: 'smtp://mail.example',
        PUBLIC_URL: 'https://hub.example',
        HOST: '0.0.0.0',
        TRUST_PROXY: 'true',
        GOOGLE_CLIENT_ID: 'c',
      },
      AWAY,
    ],
  ])('%s', (_case, env, provider) => expect(() => check(env, provider)).not.toThrow());
});

it('the command line takes no double of Stripe for real money', () => {
  const of = (env: Env) => () => checkStripeDouble(loadConfig(env));
  expect(of({ STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_API_URL: HERE })).toThrow('STRIPE_API_URL is for tests');
  expect(of({ STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_API_URL: HERE })).not.toThrow();
  expect(of({ NODE_ENV: 'production' })).not.toThrow();
});
