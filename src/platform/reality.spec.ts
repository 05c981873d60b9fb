import { expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { isLiveKey, whatIsReal } from './reality.js';

it.each<[string, Record<string, string>, readonly string[]]>([
  ['nothing of a try', {}, []],
  [
    'no test key of Stripe’s, no mail catcher, no name of this machine',
    { STRIPE_SECRET_KEY: 'rk_test_1', SMTP_URL: 'smtp://127.0.0.1:1025', PUBLIC_URL: 'http://localhost:8080' },
    [],
  ],
  ['production', { NODE_ENV: 'production' }, ['NODE_ENV=production']],
  ['a live key', { STRIPE_SECRET_KEY: 'rk_live_1' }, ['STRIPE_SECRET_KEY is a live key']],
  [
    'an address that others have',
    { PUBLIC_URL: 'http://hub.example' },
    ['PUBLIC_URL=http://hub.example leads people here from elsewhere'],
  ],
  [
    'a mail server, whose password is not told',
    { SMTP_URL: 'smtps://user:pass@mail.example' },
    ['SMTP_URL sends mail to people'],
  ],
  ['an address that can’t be read', { SMTP_URL: 'smtp://[' }, ['SMTP_URL sends mail to people']],
])('%s is real', (_what, env, real) => expect(whatIsReal(loadConfig(env))).toEqual(real));

it('a live key is known by its prefix, whatever its kind', () => {
  const keys = ['sk_live_1', 'rk_live_1', 'sk_test_1', 'rk_test_1', 'sk_test_live_1', ''];
  expect(keys.filter(isLiveKey)).toEqual(['sk_live_1', 'rk_live_1']);
});
