import { fireEvent, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { FakeApi, show } from '../../../test/render.tsx';
import { UsageFilters } from './usage-filters.tsx';

it('shows a key that is too old for the list by its id', async () => {
  const keys = { object: 'list', data: [{ id: 'newest', name: 'laptop', last4: 'wxyz' }] };
  const fake = new FakeApi({ 'GET /api/keys?limit=100': keys, 'GET /v1/models': { object: 'list', data: [] } });
  await show(<UsageFilters search={{ key_id: 'one-of-long-ago' }} change={() => undefined} />);
  expect(await screen.findByRole('combobox', { name: 'Key' })).toHaveProperty('value', 'one-of-long-ago');
  expect(fake.sent).toEqual([]);
});

it('offers the last days in one press, and says which of them is shown', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T23:30:00Z'), toFake: ['Date'] });
  const list = { object: 'list', data: [] };
  const fake = new FakeApi({ 'GET /api/keys?limit=100': list, 'GET /v1/models': list });
  const change = vi.fn<(changed: object) => void>();
  await show(<UsageFilters search={{ from: '2026-02-23' }} change={change} />);
  const pressed = (name: string) => screen.getByRole('button', { name }).getAttribute('aria-pressed');
  expect(['Today', 'Last 7 days', 'Last 30 days'].map(pressed)).toEqual(['false', 'true', 'false']);
  fireEvent.click(screen.getByRole('button', { name: 'Today' }));
  expect(change).toHaveBeenCalledWith({ from: '2026-03-01', to: undefined });
  expect(fake.sent).toEqual([]);
  vi.useRealTimers();
});
