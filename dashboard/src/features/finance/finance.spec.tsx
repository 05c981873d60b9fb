// What finance decides, and how its figures stand.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import type { Schema } from '../../api/client.ts';
import { Balance } from './parts/balance.tsx';
import { ProviderDecision } from './provider-decision.tsx';
import { RefundRequest } from './refund-request.tsx';
import { RefundEnd } from './refund-end.tsx';
import { Refunds } from './refunds-page.tsx';
import { TrialBalance } from './trial-balance.tsx';

const user = userEvent.setup();

const REFUND = {
  id: 'refund-1',
  object: 'refund',
  topup_id: 'topup-1',
  account_id: 'ada',
  status: 'requested',
  credit: '12.00',
  currency: 'usd',
  amount: null,
  stripe_refund: null,
  stuck: false,
  reason: 'not_needed',
  failure: null,
  failure_reason: null,
  requested_by: 'user-ada',
  approved_by: null,
  declined_by: null,
  by_hand: [],
  requested_at: '2026-11-28T10:00:00.000Z',
  changed_at: '2026-11-28T10:00:00.000Z',
};
const CASE = {
  ...REFUND,
  balance: '33.00',
  available: '33.00',
  balance_after_decline: '45.00',
  credit_left: '33.00',
  credit_bought: '50.00',
};

/** A refund that waits, and what this person may do with it. */
const waiting = (approval: string) =>
  new FakeApi({
    'GET /api/me': { user_id: 'user-fay' },
    'GET /api/finance/accounts/ada': { email: 'ada@example.com', billing_name: null },
    'GET /api/finance/people/user-ada': { email: 'ada@example.com' },
    'GET /api/finance/refunds': { data: [REFUND], has_more: false, next_cursor: null },
    'GET /api/finance/refunds?cursor=null': { data: [REFUND], has_more: false, next_cursor: null },
    'GET /api/finance/refunds/refund-1': { ...CASE, approval },
    'POST /api/finance/refunds/refund-1/approve': failure(409, 'refund_approved', 'Somebody else has approved it.'),
    'POST /api/finance/refunds/refund-1/decline': { ...REFUND, status: 'failed' },
  });

const open = () => show(<Refunds filters={{ refund: 'refund-1' }} setFilters={() => undefined} />);
const theCase = () => screen.findByRole('dialog', { name: 'A refund' });

it('says what a decision does to the account, and lets nobody approve what needs a second person', async () => {
  waiting('second_person_needed');
  await open();
  const dialog = await theCase();
  expect(await within(dialog).findByText('A second person must approve this')).toBeDefined();
  expect(within(dialog).getByText('$45.00')).toBeDefined();
  expect(within(dialog).getByText('Not needed any more')).toBeDefined();
  expect(within(dialog).getByRole('button', { name: 'Approve the refund' })).toHaveProperty('disabled', true);
});

it('declines with a reason, which the customer is told', async () => {
  const fake = waiting('possible');
  await open();
  await user.click(await within(await theCase()).findByRole('button', { name: 'Decline the refund' }));
  const sure = await screen.findByRole('dialog', { name: 'Decline the refund of $12.00?' });
  await user.type(within(sure).getByLabelText(/^Reason/), 'It was used.');
  await user.click(within(sure).getByRole('button', { name: 'Decline the refund' }));
  await waitFor(() =>
    expect(fake.sent).toMatchObject([
      { route: 'POST /api/finance/refunds/refund-1/decline', body: { reason: 'It was used.' } },
    ]),
  );
});

it('asks again for what a decision may have changed, and not for the names of people', async () => {
  const fake = waiting('possible');
  const answered = vi.spyOn(window, 'fetch');
  await open();
  await user.click(await within(await theCase()).findByRole('button', { name: 'Decline the refund' }));
  await within(await theCase()).findAllByText('ada@example.com');
  const sure = await screen.findByRole('dialog', { name: 'Decline the refund of $12.00?' });
  await user.type(within(sure).getByLabelText(/^Reason/), 'It was used.');
  answered.mockClear();
  await user.click(within(sure).getByRole('button', { name: 'Decline the refund' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Decline/ })).toBeNull());
  expect(fake.sent).toHaveLength(1);
  const asked = answered.mock.calls.map(([request]) => new URL((request as Request).url).pathname);
  expect(asked).toContain('/api/finance/refunds/refund-1');
  expect(asked).toContain('/api/finance/refunds');
  expect(asked.filter((path) => /people|accounts|me$/.test(path))).toEqual([]);
});

it('shows who came too late in the words of the gateway', async () => {
  waiting('possible');
  await open();
  await user.click(await within(await theCase()).findByRole('button', { name: 'Approve the refund' }));
  const sure = await screen.findByRole('dialog', { name: 'Approve the refund of $12.00?' });
  await user.click(within(sure).getByRole('button', { name: 'Approve the refund' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Somebody else has approved it.');
});

it('writes the side of a balance in words, and never a sign', async () => {
  await show(<Balance amount="-1234.5" currency="USD" />);
  expect(screen.getByTestId('shown').textContent).toBe('$1,234.50Cr');
});

it('shows the sums of a trial balance as they come, and that it balances', async () => {
  const figures = { currency: 'USD', opening: '0.00', debits: '7.00', credits: '7.00', balance: '0.00' };
  const line = {
    ...figures,
    code: '2000',
    type: 'liability',
    account: 'liabilities:customers:credit',
    balance: '-7.00',
  };
  const to = '2026-11-28T10:00:00.000Z';
  const about = { object: 'trial_balance', from: null, to, by: 'posting', entries: 3, balanced: true };
  const report = { ...about, totals: [figures], data: [line] };
  const fake = new FakeApi({ 'GET /api/finance/books/trial-balance': report });
  await show(<TrialBalance filters={{}} set={() => undefined} />);
  const table = await screen.findByRole('table');
  expect(within(table).getByRole('row', { name: /liabilities:customers:credit.*Liability.*\$7.00 ?Cr/ })).toBeDefined();
  expect(within(table).getByRole('row', { name: /Total USD/ })).toBeDefined();
  expect(screen.getByText('Debits and credits balance')).toBeDefined();
  expect(fake.sent).toEqual([]);
});

const PROPOSED_AT = '2026-11-29T10:00:00.000Z';
const PEOPLE = {
  'GET /api/me': { user_id: 'user-fay' },
  'GET /api/finance/people/user-finn': { email: 'finn@example.com' },
  'GET /api/finance/people/user-fay': { email: 'fay@example.com' },
};
const DIFFERENCE = {
  id: 'diff-1',
  state: 'proposed',
  resolution: 'book',
  reason: 'As billed.',
  requested_by: 'user-finn',
  proposed_at: PROPOSED_AT,
} as Schema<'ProviderDifference'>;
const STUCK = {
  ...CASE,
  status: 'approved',
  stuck: true,
  by_hand: [
    {
      outcome: 'completed',
      outside: true,
      reason: 'Paid on the 3rd.',
      requested_by: 'user-finn',
      proposed_at: PROPOSED_AT,
      approved_by: null,
      approval_reason: null,
    },
  ],
} as Schema<'FinanceRefundCase'>;

/** Presses a button, and the same in the dialog that asks why. */
async function decide(act: string, reason: string) {
  await user.click(await screen.findByRole('button', { name: act }));
  const sure = await screen.findByRole('dialog', { name: act });
  await user.type(within(sure).getByLabelText(/^Reason/), reason);
  await user.click(within(sure).getByRole('button', { name: act }));
}

it.each([
  ['approve', 'Approve the proposal', { reason: 'Their log.', proposed_at: PROPOSED_AT }],
  ['decline', 'Decline the proposal', { reason: 'Their log.' }],
])(
  'can %s what was proposed about a bill, the very proposal that is shown, with a reason',
  async (route, act, body) => {
    const path = `POST /api/finance/provider-differences/diff-1/${route}`;
    const fake = new FakeApi({ ...PEOPLE, [path]: DIFFERENCE });
    const onClose = vi.fn<() => void>();
    await show(<ProviderDecision difference={DIFFERENCE} onClose={onClose} />);
    await decide(act, 'Their log.');
    await waitFor(() => expect(fake.sent).toEqual([expect.objectContaining({ route: path, body })]));
  },
);

it.each([
  ['end', 'End it as proposed', { reason: 'The bank says so.', proposed_at: PROPOSED_AT }],
  ['decline-end', 'Decline the proposal', { reason: 'The bank says so.' }],
])('can %s a refund as was proposed, the very proposal that is shown, with a reason', async (route, act, body) => {
  const path = `POST /api/finance/refunds/refund-1/${route}`;
  const fake = new FakeApi({ ...PEOPLE, [path]: STUCK });
  await show(<RefundEnd refund={STUCK} onDone={() => undefined} />);
  expect(await screen.findByText(/It was paid from our bank/)).toBeDefined();
  await decide(act, 'The bank says so.');
  await waitFor(() => expect(fake.sent).toEqual([expect.objectContaining({ route: path, body })]));
});

it('marks a refund in the list whose end waits for a second person', async () => {
  const page = {
    data: [{ ...REFUND, status: 'approved', by_hand: STUCK.by_hand }],
    has_more: false,
    next_cursor: null,
  };
  const fake = new FakeApi({
    ...PEOPLE,
    'GET /api/finance/refunds?cursor=null': page,
    'GET /api/finance/refunds': page,
  });
  await show(<Refunds filters={{}} setFilters={() => undefined} />);
  expect(await screen.findByText('Its end waits for a second person')).toBeDefined();
  expect(fake.sent).toEqual([]);
});

it('tells what is wrong with a refund asked for at its field, until it is asked for anew', async () => {
  const refused = failure(400, 'invalid_request', '"topup_id": must be an id of 22 letters and digits', 'topup_id');
  const fake = new FakeApi({ 'POST /api/finance/refunds': refused });
  await show(<RefundRequest opened onClose={() => undefined} />);
  const dialog = within(await screen.findByRole('dialog', { name: 'Ask for a refund' }));
  await user.type(dialog.getByLabelText(/^Id of the account/), 'account-ada');
  await user.type(dialog.getByLabelText(/^Reason/), 'by phone');
  await user.type(dialog.getByLabelText(/^Id of the top-up/), '20');
  await user.click(dialog.getByRole('button', { name: 'Ask for a refund' }));
  expect(await dialog.findByText('must be an id of 22 letters and digits')).toBeDefined();
  expect(dialog.queryByRole('alert')).toBeNull();
  expect(document.activeElement).toBe(dialog.getByLabelText(/^Id of the top-up/));
  await user.click(dialog.getByRole('button', { name: 'Go back' }));
  expect(dialog.queryByText('must be an id of 22 letters and digits')).toBeNull();
  expect(fake.sent).toHaveLength(1);
});

it('lets who proposed something decline it, and not approve it', async () => {
  const fake = new FakeApi(PEOPLE);
  const mine = { ...DIFFERENCE, requested_by: 'user-fay' };
  await show(<ProviderDecision difference={mine} onClose={() => undefined} />);
  expect(await screen.findByText('A second person must approve this')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Approve the proposal' })).toHaveProperty('disabled', true);
  expect(screen.getByRole('button', { name: 'Decline the proposal' })).toHaveProperty('disabled', false);
  expect(fake.sent).toEqual([]);
});
