// Never running out of credit: automatic top-ups and the email about a low balance, over answers of /api.
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { type Answers, FakeApi, show } from '../../../test/render.tsx';
import { queryClient } from '../../api/client.ts';
import { AutomaticTopup } from './automatic-topup.tsx';
import { BalanceAlert } from './balance-alert.tsx';

const user = userEvent.setup();
const later = new Date(Date.now() + 3_600_000).toISOString();
const OPTIONS = {
  presets: ['10.00'],
  floor: '5.00',
  max: '5000.00',
  currencies: ['usd', 'cny'],
  refund_window_days: 7,
};

let fake: FakeApi;
const answers = (more: Answers) => (fake = new FakeApi(more));
const lastSent = () => {
  const { route, body } = fake.sent.at(-1) ?? {};
  return [route, body];
};
const click = async (name: string) => user.click(await screen.findByRole('button', { name }));

describe('never running out', () => {
  const OFF = {
    enabled: false,
    threshold: null,
    amount: null,
    monthly_ceiling: null,
    currency: null,
    bought_this_month: '0.00',
    under_way: null,
    card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030 },
  };

  it('needs a saved card for automatic top-ups, and says how to save one', async () => {
    answers({ 'GET /api/automatic-topup': { ...OFF, card: null }, 'GET /api/topups/options': OPTIONS });
    await show(<AutomaticTopup />);
    await screen.findByText(/No card is saved/);
    expect(screen.queryByRole('button', { name: 'Switch on' })).toBeNull();
  });

  it('charges the card by a threshold, an amount and a ceiling, until the card is removed', async () => {
    const settings = { threshold: '5.00', amount: '10.00', monthly_ceiling: '50.00', currency: 'usd' };
    answers({
      'GET /api/automatic-topup': OFF,
      'GET /api/topups/options': OPTIONS,
      'PUT /api/automatic-topup': { ...OFF, ...settings, enabled: true, bought_this_month: '20.00' },
      'DELETE /api/automatic-topup/card': { ...OFF, card: null },
    });
    await show(<AutomaticTopup />);
    await screen.findByText('visa ending in 4242, valid until 12/2030');
    await click('Switch on');
    await screen.findByText('$20.00');
    expect(lastSent()).toEqual(['PUT /api/automatic-topup', settings]);
    await click('Remove the card');
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove the card' }));
    await screen.findByText(/No card is saved/);
  });

  it('keeps what is being typed while the card buys credit', async () => {
    const saved = { threshold: '5.00', amount: '10.00', monthly_ceiling: '50.00', currency: 'usd', enabled: true };
    answers({ 'GET /api/automatic-topup': { ...OFF, ...saved }, 'GET /api/topups/options': OPTIONS });
    await show(<AutomaticTopup />);
    const field = await screen.findByLabelText('Buy this much credit');
    await user.clear(field);
    await user.type(field, '25');
    fake.answers = { ...fake.answers, 'GET /api/automatic-topup': { ...OFF, ...saved, bought_this_month: '10.00' } };
    await act(() => queryClient.invalidateQueries());
    await screen.findByText('$10.00');
    expect(screen.getByDisplayValue('25')).toBe(field);
  });

  it('is told by mail below an amount, until it is switched off', async () => {
    const none = { enabled: false, threshold: null, told: false, told_at: null };
    answers({
      'GET /api/balance-alert': none,
      'PUT /api/balance-alert': { enabled: true, threshold: '7.50', told: true, told_at: later },
      'DELETE /api/balance-alert': none,
    });
    await show(<BalanceAlert />);
    const field = await screen.findByLabelText('Email me when my balance is below');
    await user.clear(field);
    await user.type(field, '7.5');
    await click('Switch on');
    await screen.findByText(/The next one is sent after/);
    expect(lastSent()).toEqual(['PUT /api/balance-alert', { threshold: '7.5' }]);
    await click('Switch off');
    await screen.findByText('Off');
  });
});
