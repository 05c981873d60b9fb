import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useTranslation } from 'react-i18next';
import { describe, expect, it } from 'vitest';
import { FakeApi, show } from '../../../test/render.tsx';
import type { Schema } from '../../api/client.ts';
import { QueueChoice } from './queue-choice.tsx';
import { knownWords } from './queue-words.ts';

const EFFECT: Schema<'QueueEffect'> = {
  summary: 'The balance goes from $5.00 to $4.998.',
  events: [{ stream: 'account-a', type: 'TokensCharged' }],
  postings: [{ account: 'revenue:usage', currency: 'USD', amount: '-0.002' }],
  balances: [
    {
      account_id: 'a',
      balance_before: '5.00',
      balance_after: '4.998',
      available_before: '5.00',
      available_after: '4.998',
    },
  ],
  refused: null,
};
const PREVIEW: Schema<'QueueChoice'> = {
  choice: 'charge_counts',
  does: 'It is charged by the counts that are given.',
  role: 'operator',
  second_person: false,
  takes: ['counts'],
  effect: null,
};
const ITEM = { id: 'c', state: 'not charged' } as Schema<'QueueItemWithChoices'>;
const OUTCOME = { object: 'queue_outcome', events: EFFECT.events, item: ITEM };
const ME = { roles: ['operator'] };
const button = (name: string) => screen.findByRole('button', { name });

async function choice(preview: Schema<'QueueChoice'>, me: object = ME) {
  const done: unknown[] = [];
  const api = new FakeApi({
    'GET /api/me': me,
    'GET /api/operator/queue/c/charge_counts?prompt_tokens=1000': EFFECT,
    'POST /api/operator/queue/c/charge_counts': OUTCOME,
  });
  await show(<QueueChoice item={ITEM} preview={preview} onDone={(outcome) => done.push(outcome)} />);
  return { api, done };
}

describe('a choice of the queue', () => {
  it('is carried out with a reason, once its exact effect was shown', async () => {
    const { api, done } = await choice(PREVIEW);
    expect((await button('Charge by counts')).hasAttribute('disabled')).toBe(true);
    fireEvent.change(screen.getByLabelText('All input tokens'), { target: { value: '1000' } });
    fireEvent.click(await button('Show what it would do'));
    expect(await screen.findByText('account-a: TokensCharged')).toBeDefined();
    expect(screen.getAllByText('$4.998')).toHaveLength(2);
    fireEvent.click(await button('Charge by counts'));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.change(dialog.getByLabelText(/^Why/), { target: { value: 'by their log' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Carry it out' }));
    await waitFor(() => expect(done).toEqual([OUTCOME]));
    expect(api.sent.map(({ body }) => body)).toEqual([
      { reason: 'by their log', state: 'not charged', prompt_tokens: 1000 },
    ]);
  });

  it('says who may choose it', async () => {
    await choice({ ...PREVIEW, role: 'finance', takes: [], effect: EFFECT });
    expect(await screen.findByText('Only somebody with the role “finance” may choose this.')).toBeDefined();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('can’t be made while it is refused', async () => {
    const refused = { code: 'x', message: 'The dispute is closed.' };
    await choice({ ...PREVIEW, takes: [], effect: { ...EFFECT, refused } });
    expect(await screen.findByText('The dispute is closed.')).toBeDefined();
    expect((await button('Charge by counts')).hasAttribute('disabled')).toBe(true);
  });
});

describe('what is known of an item', () => {
  const words = (kind: Schema<'QueueItem'>['kind'], facts: Schema<'QueueItem'>['facts']) =>
    function Words() {
      const { t } = useTranslation('ledger');
      return <p>{knownWords(t, { id: 'i', kind, facts } as Schema<'QueueItem'>)}</p>;
    };

  it.each([
    [
      'unsent_refund',
      { amount: '1.00', proposed: 'completed outside', requested_by: 'fay', reason: 'Ticket 17' },
      'A refund of $1.00 was approved more than a day ago, and Stripe has not completed it. fay proposes “Completed from our bank”: Ticket 17',
    ],
    [
      'stripe_item',
      { day: '2026-03-01', status: 'theirs_only', category: 'fee', stripe_amount: '-1.50 USD', stripe_fee: '0.00 USD' },
      'Stripe and the ledger do not agree on a transaction of 2026-03-01 (fee): only Stripe has it. Stripe has -1.50 USD with a fee of 0.00 USD; the ledger has nothing.',
    ],
    [
      'usage_unknown',
      { model: 'm', request: 'req_1', cost: '0.000075' },
      'A call of m (request req_1) was answered without usage that could be charged. It was charged $0.000075 later.',
    ],
    [
      'requested_refund',
      { amount: '2.00', requested_by: 'ada', reason: 'not_needed' },
      'A refund of $2.00, requested by ada, waits for approval: not needed any more',
    ],
  ] as const)('is in words for people: %s', async (kind, facts, sentence) => {
    const Words = words(kind, facts);
    await show(<Words />);
    expect(await screen.findByText(sentence)).toBeDefined();
  });
});
