// What an accountant finds: statements by month, invoices, billing details.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { FakeApi, show } from '../../../test/render.tsx';
import { StatementsPage } from './statements-page.tsx';

const user = userEvent.setup();
const MONTHS = [
  { month: '2026-11', from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', complete: false },
  { month: '2026-10', from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', complete: true },
];
const NOTE = { number: 'CN2026-000001', net: '36.00', tax: '0.00', total: '36.00' };
const INVOICE = {
  number: '2026-000001',
  paid_at: '2026-11-29T12:00:00.000Z',
  currency: 'CNY',
  net: '72.00',
  tax: '0.00',
  total: '72.00',
  credit_notes: [NOTE],
  debit_notes: [],
};
const ANSWERS = {
  'GET /api/me': { billing: null },
  'GET /api/statements': { object: 'list', data: MONTHS },
  'GET /api/invoices?limit=20': { object: 'list', data: [INVOICE], has_more: false, next_cursor: null },
};

let fake: FakeApi;
beforeEach(() => {
  fake = new FakeApi(ANSWERS);
});

it('a month can be downloaded in each format, and checked', async () => {
  await show(<StatementsPage />);
  const file = await screen.findByRole('link', { name: 'JSON: statement of October 2026' });
  const query = new URL(file.getAttribute('href') ?? '', 'http://x').searchParams;
  expect(Object.fromEntries(query)).toEqual({ from: MONTHS[1]?.from, to: MONTHS[1]?.to, format: 'json' });
  expect(screen.getByText('So far')).toBeDefined();
  const checker = screen.getByRole('link', { name: 'Open the checker' });
  expect(checker.getAttribute('href')).toBe('/statement-checker.html');
});

it('an invoice is shown with its credit notes, each in its currency', async () => {
  await show(<StatementsPage />);
  const invoice = await screen.findByRole('link', { name: '2026-000001' });
  expect(invoice.getAttribute('href')).toBe('/api/invoices/2026-000001');
  expect(screen.getByText(/CN2026-000001/).textContent).toBe('Credit note CN2026-000001: ¥36.00');
});

it('billing details are sent line by line, without an empty tax number', async () => {
  const billing = { name: 'Example Ltd', address: ['1 Example Street', 'Exampleton'], tax_id: null };
  fake.answers = { ...ANSWERS, 'PUT /api/me/billing': { billing } };
  await show(<StatementsPage />);
  await user.type(await screen.findByLabelText('Name or company'), 'Example Ltd');
  await user.type(screen.getByLabelText('Address'), '1 Example Street{Enter}{Enter} Exampleton ');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('button', { name: 'Remove' });
  expect(fake.sent.at(-1)?.body).toEqual({ name: billing.name, address: billing.address });
});
