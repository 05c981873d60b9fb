import { describe, expect, it } from 'vitest';
import { ConfigurationError, describeConfig, hidePassword, loadConfig } from './config.js';

describe('the configuration', () => {
  it('has a default for everything that is not a secret or a file', () => {
    expect(loadConfig({})).toMatchObject({ PORT: 8080, HOST: '127.0.0.1', EVENT_STORE_URL: 'sqlite:data/events.db' });
  });

  it.each(['', ' ', '\t\n'])('takes a variable of %j as unset', (blank) =>
    expect(loadConfig({ PORT: blank, REFUND_WINDOW_DAYS: blank })).toMatchObject({ PORT: 8080, REFUND_WINDOW_DAYS: 7 }),
  );

  it('names every variable that can’t be used, with its value', () => {
    const load = () => loadConfig({ PORT: '70000', LOG_LEVEL: 'loud', EVENT_STORE_URL: 'mysql://x' });
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(/PORT="70000"[^]*LOG_LEVEL="loud"|LOG_LEVEL="loud"[^]*PORT="70000"/);
    expect(load).toThrow('EVENT_STORE_URL="mysql://x": must be sqlite:<path of a file>');
  });

  it.each(['sk-key\n', 'sk-key\r', ' sk-key', 'sk-\u2026key', 'sk key'])(
    'refuses a secret that no request can carry, %j, and does not show it',
    (secret) => {
      const load = () => loadConfig({ OPENAI_API_KEY: secret, STRIPE_WEBHOOK_SECRET: secret });
      const words = '=(secret): must be one line of ASCII characters without spaces, as it was given to you';
      for (const name of ['OPENAI_API_KEY', 'STRIPE_WEBHOOK_SECRET']) expect(load).toThrow(name + words);
      expect(load).not.toThrow('sk-');
    },
  );

  it('refuses a sender without an address', () => {
    expect(() => loadConfig({ MAIL_FROM: 'token-hub' })).toThrow('MAIL_FROM="token-hub": must have an address');
    for (const sender of ['a@b', 'Hub <no-reply@hub.example.com>'])
      expect(loadConfig({ MAIL_FROM: sender }).MAIL_FROM).toBe(sender);
  });

  it('takes a proxy in the small letters of curl, too, and shows no password of it', () => {
    const proxy = 'http://hub:hunter2@proxy.example.com:3128';
    const config = loadConfig({ https_proxy: proxy, no_proxy: 'localhost' });
    expect(config).toMatchObject({ HTTPS_PROXY: proxy, NO_PROXY: 'localhost' });
    expect(JSON.stringify(describeConfig(config))).not.toContain('hunter2');
    const other = { HTTPS_PROXY: 'http://other.example.com', https_proxy: '' };
    expect(loadConfig(other).HTTPS_PROXY).toBe(other.HTTPS_PROXY);
    expect(loadConfig({ HTTPS_PROXY: ' ', https_proxy: proxy }).HTTPS_PROXY).toBe(proxy);
    expect(() => loadConfig({ https_proxy: 'proxy.example.com:3128' })).toThrow('must be http://<proxy>:<port>');
  });

  it('refuses room for bodies that is less than one may be', () => {
    const said = 'BODIES_UNDER_WAY_BYTES="65536": must be at least BODY_LIMIT_BYTES';
    expect(() => loadConfig({ BODIES_UNDER_WAY_BYTES: '65536' })).toThrow(said);
    const lowered = { BODIES_UNDER_WAY_BYTES: '65536', BODY_LIMIT_BYTES: '65536' };
    expect(loadConfig(lowered).BODIES_UNDER_WAY_BYTES).toBe(65_536);
  });

  it.each(['4.99', '0', '0004', '0.50'])('refuses a largest top-up of $%s, which would let nobody buy credit', (max) =>
    expect(() => loadConfig({ TOPUP_MAX_USD: max })).toThrow(
      `TOPUP_MAX_USD="${max}": must be at least 5.00, the smallest top-up`,
    ),
  );

  it.each(['5', '5.00', '10', '0005.5', '9999999.99'])('takes a largest top-up of $%s', (max) =>
    expect(loadConfig({ TOPUP_MAX_USD: max }).TOPUP_MAX_USD).toBe(max),
  );

  it('refuses tax that no invoice would book', () => {
    expect(() => loadConfig({ STRIPE_TAX: 'true' })).toThrow(
      'STRIPE_TAX="true": needs SELLER_NAME, because only invoices book the tax of top-ups. Set SELLER_NAME',
    );
    expect(() => loadConfig({ STRIPE_TAX: 'true', SELLER_NAME: '' })).toThrow(ConfigurationError);
    expect(loadConfig({ STRIPE_TAX: 'true', SELLER_NAME: 'Example Ltd' }).STRIPE_TAX).toBe(true);
    expect(loadConfig({ STRIPE_TAX: 'false' }).STRIPE_TAX).toBe(false);
  });

  it('can’t be changed', () => {
    const config = loadConfig({});
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
  });

  it('describes every variable and hides secrets', () => {
    const variables = describeConfig(loadConfig({ OPENAI_API_KEY: 'sk-very-secret', PORT: '81' }));
    expect(variables.every(({ meaning }) => meaning.length > 10)).toBe(true);
    expect(variables.find(({ name }) => name === 'PORT')).toMatchObject({ value: '81', default: '8080' });
    expect(variables.find(({ name }) => name === 'OPENAI_API_KEY')?.value).toBe('(set)');
    expect(JSON.stringify(variables)).not.toContain('sk-very-secret');
  });

  const PASSWORD = 'hunter2';
  it.each([
    [`mongodb://me:${PASSWORD}@host:27017/db?w=1`, 'mongodb://me:***@host:27017/db?w=1'],
    [`mongodb+srv://me:${PASSWORD}@host`, 'mongodb+srv://me:***@host'],
    [`esdb+discover://me:a@b/?${PASSWORD}@host:2113?tls=true`, 'esdb+discover://me:***@host:2113?tls=true'],
    [`mongodb://me:${PASSWORD}`, 'mongodb://me:***'],
    [`esdb://host?userKeyPassword=${PASSWORD}&tls=true`, 'esdb://host?userKeyPassword=***&tls=true'],
    [`mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:${PASSWORD}`, 'mongodb://h/?authMechanismProperties=***'],
    ['mongodb://a:27017,b:27018/db', 'mongodb://a:27017,b:27018/db'],
    ['esdb://host:2113', 'esdb://host:2113'],
    ['sqlite:data/a@b:c.db', 'sqlite:data/a@b:c.db'],
  ])('shows a connection string without its password: %s', (url, shown) => {
    expect(hidePassword(url)).toBe(shown);
    const name = url.startsWith('esdb') ? 'EVENT_STORE_URL' : 'READ_MODEL_URL';
    const variables = describeConfig(loadConfig({ [name]: url }));
    expect(variables.find((variable) => variable.name === name)?.value).toBe(shown);
    expect(() => loadConfig({ PORT: url })).toThrow(`PORT=${JSON.stringify(shown)}`);
  });
});

describe('CORS_ORIGINS', () => {
  it.each(['*', 'https://app.example.com', 'https://app.example.com, http://localhost:3000'])(
    'may be %s',
    (origins) => {
      expect(loadConfig({ CORS_ORIGINS: origins }).CORS_ORIGINS).toBe(origins);
    },
  );

  it.each(['app.example.com', 'https://app.example.com/', 'https://*', 'https://a.com,*', 'null'])(
    'is refused as %s: no page would ever match it',
    (origins) => expect(() => loadConfig({ CORS_ORIGINS: origins })).toThrow('CORS_ORIGINS'),
  );
});
