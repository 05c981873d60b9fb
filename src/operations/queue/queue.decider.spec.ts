import { describe, expect, it } from 'vitest';
import { Rejection, usd } from '../../kernel/index.js';
import { queueItem, type QueueCommand } from './queue.decider.js';
import { queueEventSchemas } from './queue.events.js';

const NOON = Date.UTC(2026, 2, 4, 12);
type Bare<T> = T extends QueueCommand
  ? Omit<T, 'commandId' | 'at' | 'itemId' | 'reason'> & { reason?: string; at?: number }
  : never;
const command = (bare: Bare<QueueCommand>): QueueCommand => ({
  commandId: 'c',
  at: NOON,
  itemId: 'i',
  reason: 'why',
  ...bare,
});

const given = (...past: readonly Bare<QueueCommand>[]) => {
  const decide = (state: ReturnType<typeof queueItem.initial>, next: Bare<QueueCommand>) => {
    const outcome = queueItem.decide(command(next), state);
    if (outcome instanceof Rejection) return { outcome: outcome.code, state };
    for (const { type, data } of outcome) queueEventSchemas[type].parse(data);
    return { outcome, state: outcome.reduce((folded, event) => queueItem.evolve(folded, event), state) };
  };
  const state = past.reduce((folded, each) => decide(folded, each).state, queueItem.initial());
  return {
    when(next: Bare<QueueCommand>) {
      const { outcome } = decide(state, next);
      return {
        emits: (...events: readonly object[]) => expect(outcome).toMatchObject(events),
        emitsNothing: () => expect(outcome).toEqual([]),
        refuses: (code: string) => expect(outcome).toBe(code),
      };
    },
  };
};

const dismiss = (by: string, state = 'released', more: object = {}) =>
  ({ type: 'DismissItem', kind: 'usage_unknown', state, by, ...more }) as const;
const propose = (by: string, amount = '0.50', more: object = {}) =>
  ({ type: 'ProposeCredit', kind: 'overage', accountId: 'a', amount: usd(amount), by, ...more }) as const;
const approve = (by: string) => ({ type: 'ApproveCredit', by }) as const;
const decline = (by: string) => ({ type: 'DeclineCredit', by }) as const;

describe('an item', () => {
  it('is dismissed in the name of a person, as it stands', () =>
    given()
      .when(dismiss('olga'))

      .emits({ type: 'QueueItemDismissed', data: { state: 'released', by: 'olga', reason: 'why' } }));

  it('is dismissed by one of two people at once; the other learns by whom', () => {
    given(dismiss('olga')).when(dismiss('otto')).refuses('item_settled');
    given(dismiss('olga'))
      .when(dismiss('olga', 'released', { reason: 'another' }))
      .refuses('item_settled');
    given(dismiss('olga')).when(dismiss('olga')).emitsNothing();
  });

  it('that stands otherwise since is dismissed again', () =>
    given(dismiss('olga'))
      .when(dismiss('otto', 'overage'))

      .emits({ type: 'QueueItemDismissed' }));

  it('keeps what was done about it, with who and why', () =>
    given()
      .when({ type: 'NoteChoice', kind: 'fraud_warning', choice: 'refund', by: 'olga' })

      .emits({ type: 'QueueChoiceMade', data: { choice: 'refund', by: 'olga', reason: 'why' } }));

  it('never goes back in time', () =>
    given(dismiss('olga'))
      .when(dismiss('olga', 'later', { at: NOON - 1 }))

      .emits({ data: { at: '2026-03-04T12:00:00.000Z' } }));
});

describe('credit for an item', () => {
  it('is proposed, and approved by somebody else', () => {
    given()
      .when(propose('olga'))

      .emits({ type: 'QueueCreditProposed', data: { amount: '0.50', by: 'olga' } });
    given(propose('olga'))
      .when(approve('otto'))

      .emits({ type: 'QueueCreditApproved', data: { approvedBy: 'otto' } });
    given(propose('olga')).when(approve('olga')).refuses('second_person_needed');
  });

  it('is proposed by one of two people at once, and once', () => {
    given(propose('olga')).when(propose('otto')).refuses('credit_proposed');
    given(propose('olga')).when(propose('olga', '0.60')).refuses('credit_proposed');
    given(propose('olga')).when(propose('olga')).emitsNothing();
    given(propose('olga'), approve('otto')).when(propose('olga')).refuses('credit_proposed');
  });

  it('must be more than nothing', () => given().when(propose('olga', '0.00')).refuses('invalid_amount'));

  it('takes credit away only as a correction by hand, which is not of zero', () => {
    const correction = { kind: 'proposed_adjustment' };
    given().when(propose('olga', '-0.50')).refuses('invalid_amount');
    given()
      .when(propose('olga', '-0.50', correction))
      .emits({ type: 'QueueCreditProposed', data: { amount: '-0.50' } });
    given()
      .when(propose('olga', '0.00', correction))
      .refuses('invalid_amount');
    given(propose('olga', '-0.50', correction))
      .when(approve('olga'))
      .refuses('second_person_needed');
  });

  it('as a correction is for the instant that its maker names, which is not in the future', () => {
    const served = (servedAt: number) => propose('olga', '-0.50', { kind: 'proposed_adjustment', servedAt });
    given()
      .when(served(NOON))
      .emits({ type: 'QueueCreditProposed', data: { servedAt: '2026-03-04T12:00:00.000Z' } });
    given()
      .when(served(NOON + 1))
      .refuses('invalid_service_date');
    given(served(NOON)).when(served(NOON)).emitsNothing();
    given(served(NOON))
      .when(served(NOON - 1))
      .refuses('credit_proposed');
  });

  it('can be declined until it is approved, also by who proposed it; then it can be proposed again', () => {
    given(propose('olga'))
      .when(decline('olga'))

      .emits({ type: 'QueueCreditDeclined' });
    given(propose('olga'), decline('otto'))
      .when(propose('otto', '0.10'))

      .emits({ data: { amount: '0.10' } });
    given(propose('olga'), approve('otto')).when(decline('otto')).refuses('credit_approved');
    given(propose('olga'), decline('otto')).when(approve('otto')).refuses('nothing_to_approve');
    given().when(decline('otto')).refuses('nothing_to_approve');
  });

  it('is approved once', () => given(propose('olga'), approve('otto')).when(approve('ella')).emitsNothing());
});
