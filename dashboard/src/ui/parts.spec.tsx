// The parts that every page is made of.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import { show } from '../../test/render.tsx';
import { changeLanguage } from '../app/i18n.ts';
import { Confirm } from './confirm.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { durationText, Instant, listText } from './instant.tsx';
import { QueryState } from './query-state.tsx';
import { RefundFailure } from './refund-failure.tsx';

const user = userEvent.setup();

function Asking({ work }: { readonly work: (reason: string) => Promise<unknown> }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <button onClick={() => setIsAsking(true)}>Revoke</button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title="Revoke this key?"
        act="Revoke the key"
        reason="Why"
        onConfirm={work}
      >
        Programs that use it are refused at once.
      </Confirm>
    </>
  );
}

describe('an act that asks first', () => {
  it('says what will happen, takes a reason, and returns to where it was asked', async () => {
    const reasons: string[] = [];
    await show(<Asking work={async (reason) => reasons.push(reason)} />);
    await user.click(screen.getByRole('button', { name: 'Revoke' }));
    const dialog = await screen.findByRole('dialog', { name: 'Revoke this key?' });
    expect(within(dialog).getByText('Programs that use it are refused at once.')).toBeDefined();
    const act = within(dialog).getByRole('button', { name: 'Revoke the key' });
    expect(act).toHaveProperty('disabled', true);
    await user.type(within(dialog).getByLabelText(/Why/), '  it leaked ');
    await user.click(act);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(reasons).toEqual(['it leaked']);
  });

  it('shows what went wrong, and does nothing when it is left', async () => {
    const refused = new ApiFailure('This key is revoked already.', 409, 'key_revoked');
    await show(<Asking work={() => Promise.reject(refused)} />);
    await user.click(screen.getByRole('button', { name: 'Revoke' }));
    await user.type(await screen.findByLabelText(/Why/), 'it leaked');
    await user.click(screen.getByRole('button', { name: 'Revoke the key' }));
    expect((await screen.findByRole('alert')).textContent).toContain('This key is revoked already.');
    await user.click(screen.getByRole('button', { name: 'Go back' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

interface Row {
  readonly id: string;
  readonly model: string;
}
const COLUMNS: readonly Column<Row>[] = [
  { key: 'id', header: 'Id', cell: ({ id }) => id },
  { key: 'model', header: 'Model', cell: ({ model }) => model, isExtra: true },
];

const table = (rows: readonly Row[]) => (
  <DataTable
    name="test"
    label="Calls"
    columns={COLUMNS}
    rows={rows}
    rowKey={({ id }) => id}
    empty="No calls yet."
    csv="/api/x?format=csv"
  />
);

describe('a table', () => {
  it('shows the columns that are chosen, by keyboard too', async () => {
    localStorage.clear();
    await show(table([{ id: 'c1', model: 'gpt-4o' }]));
    expect(screen.queryByText('gpt-4o')).toBeNull();
    screen.getByRole('button', { name: 'Columns' }).focus();
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Model' }));
    expect(screen.getByText('gpt-4o')).toBeDefined();
  });

  it('says what to do when it is empty, and where its CSV is', async () => {
    await show(table([]));
    expect(screen.getByText('No calls yet.')).toBeDefined();
    expect(screen.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe('/api/x?format=csv');
  });
});

describe('a failure', () => {
  it.each([
    [new ApiFailure('No such key.', 404, 'key_not_found'), 'No such key.'],
    [new ApiFailure('', 0, 'no_answer'), 'no money moves twice'],
    [new TypeError('x is not a function'), 'Something went wrong on our side.'],
  ])('is told in words: %s', async (error, words) => {
    await show(<FailureNotice error={error} />);
    expect(screen.getByRole('alert').textContent).toContain(words);
  });

  it('of a query can be tried again, and leaves what was there', async () => {
    let tries = 0;
    const query = {
      data: 'what was there',
      error: new ApiFailure('', 503, 'service_unavailable'),
      isPending: false,
      refetch: () => (tries += 1),
    };
    await show(<QueryState query={query}>{(data) => <p>{data}</p>}</QueryState>);
    expect(screen.getByText('what was there')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(tries).toBe(1);
  });
});

describe('times', () => {
  it('separates words in either language', async () => {
    expect(listText(['text', 'images'])).toBe('text, images');
    await changeLanguage('zh');
    expect(listText(['文本', '图像'])).toBe('文本、图像');
    await changeLanguage('en');
  });

  it('are in words', () => {
    expect([45, 60, 90, 7_500, 200_000].map(durationText)).toEqual([
      '45 seconds',
      '1 minute',
      '1 minute, 30 seconds',
      '2 hours, 5 minutes',
      '2 days, 7 hours',
    ]);
  });

  it('are machine-readable, and a dash where there is none', async () => {
    await show(
      <>
        <Instant at="2026-11-29T12:00:00.000Z" />
        <Instant at={null} />
      </>,
    );
    expect(document.querySelector('time')?.getAttribute('datetime')).toBe('2026-11-29T12:00:00.000Z');
    expect(screen.getByText('–')).toBeDefined();
  });
});

it.each([
  ['lost_or_stolen_card', 'The card was reported lost or stolen.'],
  ['It was used on the 3rd.', 'It was used on the 3rd.'],
])('says in words why a refund was not paid: %s', async (reason, words) => {
  await show(<RefundFailure reason={reason} />);
  expect(await screen.findByText(words)).toBeDefined();
});
