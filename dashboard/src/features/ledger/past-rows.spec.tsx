import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import { PastRows } from './past-rows.tsx';

const ASK = 'POST /api/operator/replays/until';

describe('rows of the past', () => {
  it('are asked for as of an instant in UTC, and of one account', async () => {
    const fake = new FakeApi({ [ASK]: { id: 'j' } });
    const begun = vi.fn<(job: string) => void>();
    await show(<PastRows job={undefined} onStart={begun} />);
    fireEvent.change(await screen.findByLabelText('Read model'), { target: { value: 'lots' } });
    fireEvent.change(screen.getByLabelText(/^Instant/), { target: { value: '2026-11-30T12:00' } });
    fireEvent.change(screen.getByLabelText('Only of this account'), { target: { value: ' ada ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Show the rows' }));
    await waitFor(() => expect(begun).toHaveBeenCalledWith('j'));
    const body = { view: 'lots', as_of: '2026-11-30T12:00:00.000Z', account_id: 'ada' };
    expect(fake.sent).toEqual([expect.objectContaining({ route: ASK, body })]);
  });

  it('are shown with where they stand, and how many there are', async () => {
    const rows = [
      { id: 'a', position: 7, posted: '5.00' },
      { id: 'b', position: 9, lots: [1] },
    ];
    const result = { view: 'balances-1', position: 12, row_count: 120, rows };
    const job = { id: 'j', kind: 'replay_until', status: 'succeeded', result };
    const fake = new FakeApi({ 'GET /api/operator/jobs/j': job });
    await show(<PastRows job="j" onStart={() => undefined} />);
    expect(await screen.findByText('balances-1 at position 12: 120 rows')).toBeDefined();
    expect(screen.getByText('The first 2 are shown.')).toBeDefined();
    expect(screen.getByRole('row', { name: 'a 7 5.00 –' })).toBeDefined();
    expect(screen.getByRole('row', { name: 'b 9 – [1]' })).toBeDefined();
    expect(fake.sent).toEqual([]);
  });

  it('say in the words of the gateway why they can’t be shown', async () => {
    const fake = new FakeApi({ [ASK]: failure(400, 'invalid_request', 'Give as_of or position.') });
    await show(<PastRows job={undefined} onStart={() => undefined} />);
    fireEvent.change(await screen.findByLabelText('Or a position of the log'), { target: { value: '12' } });
    fireEvent.click(screen.getByRole('button', { name: 'Show the rows' }));
    expect(await screen.findByText('Give as_of or position.')).toBeDefined();
    expect(fake.sent).toEqual([expect.objectContaining({ body: { view: 'balances', position: 12 } })]);
  });
});
