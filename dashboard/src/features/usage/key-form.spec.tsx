import { onlineManager } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import { queryClient, sessionQuery } from '../../api/client.ts';
import { changeOf, NEW_KEY, newKeyOf, valuesOf } from './key-values.ts';
import { NewKey } from './new-key.tsx';

const KEY = {
  id: 'k1',
  object: 'key',
  name: 'laptop',
  last4: 'wxyz',
  status: 'active',
  created_at: '2026-03-01T12:00:00.000Z',
  revoked_at: null,
  replaces: null,
  replaced_by: null,
  requests_per_minute: 5,
  tokens_per_minute: null,
  parallel_requests: null,
  budget_daily: '1.00',
  budget_weekly: null,
  budget_monthly: null,
  budget_total: null,
  allowed_models: ['gpt-4o'],
  allowed_ips: null,
  expires_at: '2099-01-01T15:30:00.000Z',
} as const;

describe('the settings of a new key', () => {
  it('are those that were given', () => {
    expect(newKeyOf({ ...NEW_KEY, name: ' laptop ', budget_daily: ' 5 ', requests_per_minute: 60 })).toEqual({
      name: 'laptop',
      budget_daily: '5',
      requests_per_minute: 60,
    });
  });
});

describe('a change of a key', () => {
  const before = valuesOf({ ...KEY, allowed_models: [...KEY.allowed_models] });

  it('is what was changed and nothing else: not the hour of its expiry', () => {
    expect(changeOf(before, { ...before, name: 'desktop', budget_daily: '2.00' })).toEqual({
      name: 'desktop',
      budget_daily: '2.00',
    });
  });

  it('takes away what was emptied', () => {
    const emptied = { ...before, budget_daily: '', allowed_models: [], requests_per_minute: '', expires_at: '' };
    expect(changeOf(before, emptied)).toEqual({
      budget_daily: null,
      allowed_models: null,
      requests_per_minute: null,
      expires_at: null,
    });
  });
});

describe('a new key', () => {
  it('needs a name, and is shown once, with a call to copy', async () => {
    const api = new FakeApi({ 'POST /api/keys': { ...KEY, key: 'sk-th_the-whole-of-it' } });
    await show(<NewKey opened onClose={() => undefined} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Create the key' }));
    expect(screen.getByText('Give the key a name.')).toBeDefined();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'laptop{Enter}');
    const key = await screen.findByLabelText('The key');
    expect(key.textContent).toBe('sk-th_the-whole-of-it');
    expect(document.activeElement).toBe(key); // the form that had the focus is gone
    await userEvent.keyboard('{Escape}');
    expect(screen.getByLabelText('The key')).toBe(key); // it is not shown again, so only its buttons close it
    expect(screen.getByText(/Bearer sk-th_the-whole-of-it/).textContent).toContain('"model": "gpt-4o"');
    expect(api.sent.map(({ route, body }) => [route, body])).toEqual([['POST /api/keys', { name: 'laptop' }]]);
  });

  it('that can’t be sent says so at once, and keeps what was typed, while the browser has no connection', async () => {
    const api = new FakeApi({});
    await queryClient.fetchQuery(sessionQuery);
    window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    onlineManager.setOnline(false);
    onTestFinished(() => onlineManager.setOnline(true));
    await show(<NewKey opened onClose={() => undefined} />);
    await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'laptop{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Check your connection and try again');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveProperty('value', 'laptop');
    expect(api.sent).toEqual([]);
  });

  it('that is refused for a limit which is folded away shows it, and gives it the focus', async () => {
    const refusal = failure(400, 'invalid_request', '"budget_daily": "abc" is not a decimal amount.', 'budget_daily');
    const api = new FakeApi({ 'POST /api/keys': refusal });
    await show(<NewKey opened onClose={() => undefined} />);
    const budgets = await screen.findByRole('button', { name: 'Budgets' });
    await userEvent.click(budgets);
    await userEvent.type(screen.getByRole('textbox', { name: 'A day' }), 'abc');
    await userEvent.click(budgets);
    await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'x{Enter}');
    expect(await screen.findByText('"abc" is not a decimal amount.')).toBeDefined();
    const field = screen.getByRole('textbox', { name: 'A day' });
    expect(field).toHaveProperty('value', 'abc');
    expect(document.activeElement).toBe(field);
    expect(api.sent).toHaveLength(1);
  });

  it('takes a pasted list of addresses, whatever stands between them', async () => {
    const api = new FakeApi({ 'POST /api/keys': { ...KEY, key: 'sk-th_the-whole-of-it' } });
    await show(<NewKey opened onClose={() => undefined} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Models and addresses' }));
    await userEvent.click(screen.getByRole('combobox', { name: 'Only from these addresses' }));
    await userEvent.paste('203.0.113.1\r\n203.0.113.2\n198.51.100.0/24\t2001:db8::1，192.0.2.7');
    await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'x{Enter}');
    await screen.findByLabelText('The key');
    expect(api.sent.map(({ body }) => body)).toEqual([
      { name: 'x', allowed_ips: ['203.0.113.1', '203.0.113.2', '198.51.100.0/24', '2001:db8::1', '192.0.2.7'] },
    ]);
  });

  it('that is refused says why, at the field', async () => {
    const refusal = failure(400, 'invalid_request', 'Names have 100 characters at most.', 'name');
    const api = new FakeApi({ 'POST /api/keys': refusal });
    await show(<NewKey opened onClose={() => undefined} />);
    await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'x{Enter}');
    expect(await screen.findByText('Names have 100 characters at most.')).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(api.sent).toHaveLength(1);
  });
});
