import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { FakeApi, show } from '../../../test/render.tsx';
import { Jobs, ResultLink } from './jobs-page.tsx';

it('shows finance its own work, with why some of it failed', async () => {
  const job = {
    id: 'j',
    kind: 'provider_bill_import',
    status: 'failed',
    started_by: 'fay',
    created_at: '2026-11-30T12:00:00.000Z',
    error: { code: 'unknown_channel', message: 'No channel is called "opennai".' },
  };
  const page = { data: [job], has_more: false, next_cursor: null };
  const paths = ['GET /api/finance/jobs?limit=10', 'GET /api/finance/jobs?limit=10&cursor=null'];
  const fake = new FakeApi(Object.fromEntries(paths.map((path) => [path, page])));
  await show(<Jobs audience="finance" status={undefined} onStatus={() => undefined} />);
  expect(await screen.findByText('No channel is called "opennai".')).toBeDefined();
  expect(screen.getByRole('article', { name: 'Import of a provider’s bill' })).toBeDefined();
  expect(screen.queryByRole('link', { name: 'See what it found' })).toBeNull();
  expect(fake.sent).toEqual([]);
});

it.each([
  ['verify', '/operator/integrity'],
  ['replay_until', '/operator/projections?past=j'],
  ['rerating_dry_run', '/operator/reratings/new?job=j'],
  ['stripe_comparison', '/finance/reconciliation?tab=days'],
  ['close_period', '/finance/close'],
  ['rerating_reversal', '/operator/reratings/new?job=j'],
])('a job of the kind %s leads to what it found', async (kind, address) => {
  await show(<ResultLink id="j" kind={kind} />);
  expect(screen.getByRole('link', { name: 'See what it found' }).getAttribute('href')).toBe(address);
});
