import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import { OverviewPage } from './overview-page.tsx';

const SPEND = { today: '0.00', last_7_days: '0.00', last_30_days: '0.00', by_day: [], by_model: [] };
const NEW = {
  object: 'overview',
  currency: 'usd',
  as_of: '2026-03-01T12:00:00.000Z',
  balance: '0.00',
  held: '0.00',
  available: '0.00',
  frozen: false,
  suspended: false,
  spend: SPEND,
  burn_rate_per_day: '0.00',
  days_left: null,
  low: true,
  first_steps: { credit: false, key: false, call: false },
  latest_calls: [],
};
const OLD = { ...NEW, first_steps: { credit: true, key: true, call: false } };

const overview = async (answer: object) => {
  const api = new FakeApi({ 'GET /api/overview': answer });
  await show(<OverviewPage />);
  return api;
};

describe('the overview', () => {
  it('of a new account says what to do first, and does not warn', async () => {
    await overview(NEW);
    expect(await screen.findByRole('heading', { name: 'Your first call' })).toBeDefined();
    expect(screen.getByRole('link', { name: 'Create a key' }).getAttribute('href')).toBe('/keys');
    expect(screen.queryByText('Your credit is low')).toBeNull();
  });

  it('shows what the server says, to the digit', async () => {
    await overview({ ...OLD, available: '12.3456789', burn_rate_per_day: '1.5', days_left: '234.5', low: false });
    expect((await screen.findByLabelText('$12.3456789')).textContent).toBe('$12.34');
    expect(screen.getByText('234.5 days')).toBeDefined();
  });

  it('says no number of days that nobody can foresee', async () => {
    await overview({ ...OLD, days_left: '1944919868.3', low: false });
    expect(await screen.findByText('Years')).toBeDefined();
  });

  it('leads from what a call cost to how it was computed', async () => {
    const call = { id: 'c1', created_at: NEW.as_of, model: 'gpt-4o', status: 'charged', tokens: null };
    await overview({ ...OLD, latest_calls: [{ ...call, cost: '0.02688884' }] });
    const cost = await screen.findByRole('link', { name: '$0.02 – Why $0.02688884: see how it was computed' });
    expect(cost.textContent).toBe('$0.02');
    expect(cost.getAttribute('href')).toBe('/ledger?charge=c1');
  });

  it('says what its figures of models count, and leads to those that it leaves out', async () => {
    const models = Array.from({ length: 9 }, (_, i) => ({ model: `m${i}`, requests: 26, cost: '0.01' }));
    const [first_steps, spend] = [
      { ...OLD.first_steps, call: true },
      { ...SPEND, by_model: models },
    ];
    await overview({ ...OLD, first_steps, spend });
    const table = within(await screen.findByRole('region', { name: 'Spend by model, last 30 days' }));
    expect(table.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'Model',
      'Calls',
      'Cost',
    ]);
    expect(table.queryByText('m8')).toBeNull();
    expect(screen.getByRole('link', { name: 'All models' }).getAttribute('href')).toMatch(
      /^\/usage\?group=model&from=/,
    );
  });

  it('warns when credit runs out', async () => {
    await overview({ ...OLD, days_left: '2.1' });
    expect(await screen.findByText(/it lasts for 2.1 days/)).toBeDefined();
  });

  it('says why no call is let through', async () => {
    await overview({ ...OLD, frozen: true });
    expect(await screen.findByText('Your credit is frozen')).toBeDefined();
  });

  it('that can’t be had says why, and can be tried again', async () => {
    await overview(failure(400, 'view_behind', 'The read models are behind.'));
    expect(await screen.findByText('The read models are behind.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
  });
});
