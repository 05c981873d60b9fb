import { expect, it } from 'vitest';
import { unclosedMonths } from './unclosed-months.js';

const NOW = '2027-02-10T12:00:00.000Z';
const nothing = { closed: undefined, proposal: undefined, since: '2026-12', now: NOW };
const idsOf = (closing: Parameters<typeof unclosedMonths>[0]) => unclosedMonths(closing).map(({ id }) => id);

it('lists every month that is over since the ledger began, across a year', () =>
  expect(idsOf(nothing)).toEqual(['2026-12', '2027-01']));

it('lists those after the last closed one', () =>
  expect(idsOf({ ...nothing, closed: '2026-12' })).toEqual(['2027-01']));

it('lists none when the last month is closed', () => expect(idsOf({ ...nothing, closed: '2027-01' })).toEqual([]));

it('lets the last month be closed in a ledger that began this month', () =>
  expect(unclosedMonths({ ...nothing, since: '2027-02' })).toEqual([
    { id: '2027-01', status: 'open', proposed_by: null, can_be_proposed: true },
  ]));

it('lets only the next month be proposed once one is closed', () =>
  expect(
    unclosedMonths({ ...nothing, closed: '2026-11', since: '2026-01' }).map(({ can_be_proposed }) => can_be_proposed),
  ).toEqual([true, false]));

it('lets none be proposed while one waits for a second person', () =>
  expect(unclosedMonths({ ...nothing, proposal: { period: '2026-12', proposedBy: 'fay' } })).toEqual([
    { id: '2026-12', status: 'proposed', proposed_by: 'fay', can_be_proposed: false },
    { id: '2027-01', status: 'open', proposed_by: null, can_be_proposed: false },
  ]));
