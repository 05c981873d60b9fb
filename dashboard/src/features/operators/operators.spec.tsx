import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { queryClient } from '../../api/client.ts';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import { AccountSearch, withoutSecret } from './account-search.tsx';
import { CorrectBalance } from './accounts/correct-balance.tsx';
import { type ModelPrices, withRate } from './prices/draft.ts';
import { ImportFound } from './prices/import-found.tsx';
import { ImportPage } from './prices/import-page.tsx';
import { ModelEditor } from './prices/model-editor.tsx';
import { FoundRun } from './reratings/found-run.tsx';
import { Reversals } from './reratings/reversals.tsx';
import { RunActs } from './reratings/run-acts.tsx';

const ME = { 'GET /api/me': { user_id: 'olga' } };

describe('the search for an account', () => {
  it('keeps the secret of a key out of addresses', () => {
    const key = `sk-th_${'a'.repeat(22)}${'s'.repeat(38)}`;
    expect(withoutSecret(key)).toBe(`sk-th_${'a'.repeat(22)}`);
    expect(withoutSecret('ada@example.com')).toBe('ada@example.com');
  });

  it('says what can be searched for', async () => {
    await show(<AccountSearch />);
    expect(await screen.findByRole('textbox', { name: 'Find an account' })).toBeDefined();
    expect(screen.getByText(/last four characters of a key/)).toBeDefined();
  });
});

describe('a correction of a balance', () => {
  it('is proposed with its direction, amount and reason', async () => {
    const fake = new FakeApi({ ...ME, 'POST /api/operator/accounts/acc/adjustments': { id: 'a' } });
    const close = vi.fn<() => void>();
    await show(<CorrectBalance account={{ id: 'acc' }} close={close} changed={async () => undefined} />);
    fireEvent.click(await screen.findByRole('radio', { name: /^Take credit away/ }));
    fireEvent.change(screen.getByRole('textbox', { name: /^Amount/ }), { target: { value: ' 1.25 ' } });
    const propose = screen.getByRole('button', { name: 'Propose' });
    expect(propose).toHaveProperty('disabled', true);
    fireEvent.change(screen.getByRole('textbox', { name: /^Why/ }), { target: { value: 'ticket 17' } });
    fireEvent.click(propose);
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(fake.sent[0]?.body).toEqual({ direction: 'debit', amount: '1.25', reason: 'ticket 17' });
    expect(fake.sent[0]?.headers.get('idempotency-key')).not.toBeNull();
  });
});

describe('the editor of a model', () => {
  const model: ModelPrices = { model: 'gpt-4o', bands: [{ price: { input: '-1', output: '2' } }] };

  it('shows a fault beside the field that it is about, and others on top', async () => {
    const faults = [
      { path: 'models[3].bands[0].price.input', message: '"-1" is negative.' },
      { path: 'models[3].model', message: 'There is no such model.' },
      { path: 'models[30].bands[0].price.input', message: 'of another one' },
    ];
    await show(
      <ModelEditor model={model} faults={faults} path="models[3]" onChange={() => undefined} close={() => undefined} />,
    );
    const field = await screen.findByRole('textbox', { name: 'Input, Customer pays' });
    const described = field.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described.split(' ').at(-1) ?? '')?.textContent).toBe('"-1" is negative.');
    expect(screen.getByRole('alert').textContent).toBe('There is no such model.');
    expect(screen.queryByText('of another one')).toBeNull();
  });

  it('keeps what was typed as it was typed, and leaves out what was emptied', () => {
    expect(withRate({ input: '1', output: '2' }, 'cachedInput', '0.10')).toEqual({
      input: '1',
      output: '2',
      cachedInput: '0.10',
    });
    expect(withRate({ input: '1', output: '2', cachedInput: '0.10' }, 'cachedInput', '')).toEqual({
      input: '1',
      output: '2',
    });
    expect(withRate(undefined, 'output', '')).toBeUndefined();
  });
});

describe('an import of prices', () => {
  const change = {
    model: 'gpt-4o',
    of: 'price',
    kind: 'input',
    prompt: '',
    when: '',
    from: '2',
    to: '3',
    percent: '50 %',
  };
  const found = {
    object: 'price_import',
    source: 'genai-prices 1',
    base_version: 4,
    newest_version: 5,
    changes: [change],
    left: [{ model: 'qwen-max', reason: 'The source does not have it.' }],
    notes: [],
    warnings: [{ code: 'price_jump', model: 'gpt-4o', message: 'gpt-4o costs 50 % more.' }],
    published: null,
  } as never;
  const route = 'POST /api/operator/price-lists/import';

  it('is published as it was shown, with its warnings accepted and a reason', async () => {
    const fake = new FakeApi({
      [route]: failure(409, 'price_list_conflict', 'Somebody else has published a version.'),
    });
    await show(<ImportFound asked={{ markup: '50' }} found={found} />);
    expect(await screen.findByText('The source does not have it.')).toBeDefined();
    const publish = screen.getByRole('button', { name: 'Publish' });
    fireEvent.change(screen.getByRole('textbox', { name: /^Why/ }), { target: { value: 'as billed' } });
    expect(publish).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('checkbox', { name: /every warning/ }));
    fireEvent.click(publish);
    expect(await screen.findByText('Somebody else has published a version.')).toBeDefined();
    const body = { markup: '50', expected_version: 5, reason: 'as billed', accept_warnings: true };
    expect(fake.sent).toEqual([expect.objectContaining({ route, body })]);
  });

  it('has nothing to publish where nothing changes', async () => {
    await show(<ImportFound asked={{}} found={{ ...(found as object), changes: [] } as never} />);
    expect(await screen.findByText('Nothing changes.')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Publish' })).toBeNull();
  });
});

describe('a dry run that nobody has proposed', () => {
  it('shows what it found, and the way to a proposal of the same', async () => {
    const planned = {
      accounts: 1,
      charges: 4,
      refused: 2,
      charged: '1.00',
      due: '0.75',
      difference: '-0.25',
      provider_difference: null,
      below_zero: 0,
      later_runs: [],
    };
    const totals = { models: [], days: [], accounts: [], account_count: 1 };
    const fake = new FakeApi({ 'GET /api/operator/reratings/dry-runs/j/totals': totals });
    const input = {
      price_version: 2,
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
      policy: 'bill',
    };
    await show(<FoundRun job={{ id: 'j', input, result: { planned } } as never} />);
    expect(await screen.findByText(/^2 charges stay as they are/)).toBeDefined();
    const address = screen.getByRole('link', { name: 'Go on to a proposal' }).getAttribute('href') ?? '';
    expect(address).toContain('/operator/reratings/new?price_version=2');
    expect(address).toContain('policy=bill');
    expect((await screen.findByRole('link', { name: 'CSV' })).getAttribute('href')).toBe(
      '/api/operator/reratings/dry-runs/j/report.csv',
    );
    expect(fake.sent).toEqual([]);
  });
});

describe('a proposed re-rating', () => {
  const run = (proposed_by: string) =>
    ({ id: 'r', status: 'proposed', proposed_by, planned: { accounts: 2 }, applied: { charges: 0 } }) as never;

  it('is approved by somebody else, who is told what that does', async () => {
    const fake = new FakeApi({ ...ME, 'POST /api/operator/reratings/r/approve': {} });
    await show(<RunActs run={run('otto')} />);
    fireEvent.click(await screen.findByRole('button', { name: 'Approve' }));
    expect(await screen.findByText(/charges of 2 accounts are priced again/)).toBeDefined();
    fireEvent.change(screen.getByLabelText(/^Why/), { target: { value: 'As announced' } });
    fireEvent.click(screen.getAllByRole('button', { name: 'Approve' }).at(-1) as HTMLElement);
    await waitFor(() => expect(fake.sent[0]?.route).toBe('POST /api/operator/reratings/r/approve'));
    expect(fake.sent[0]?.body).toEqual({ reason: 'As announced' });
  });

  it('is not approved by who proposed it', async () => {
    const fake = new FakeApi(ME);
    await show(<RunActs run={run('olga')} />);
    expect(await screen.findByText('Somebody else must approve it.')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
    expect(fake.sent).toEqual([]);
  });
});

describe('a re-rating that is over', () => {
  const run = (status: string, charges: number) =>
    ({ id: 'r', status, proposed_by: 'otto', planned: { accounts: 1 }, applied: { charges } }) as never;
  const undone = (...data: readonly object[]) =>
    new FakeApi({ ...ME, 'GET /api/operator/reratings?reverses=r&limit=100': { data, next_cursor: null } });
  const settled = () => waitFor(() => expect(queryClient.isFetching()).toBe(0));

  it.each([
    ['completed', 4, true],
    ['completed', 0, false],
    ['cancelled', 4, true],
    ['cancelled', 0, false],
  ])('that is %s with %i charges can be reversed: %s', async (status, charges, isReversible) => {
    const fake = undone();
    await show(<RunActs run={run(status, charges)} />);
    await settled();
    expect(fake.sent).toEqual([]);
    expect(screen.queryAllByRole('button', { name: 'Reverse it' })).toHaveLength(isReversible ? 1 : 0);
  });

  it.each([
    ['proposed', 'Waits for approval', false],
    ['approved', 'Approved', false],
    ['completed', 'Booked', true],
    ['cancelled', 'Cancelled', true],
  ])('names the run that undoes it, which is %s: %s; another one can be proposed: %s', async (status, word, isOver) => {
    undone({ id: 'back', status, proposed_at: '2026-03-02T12:00:00.000Z' });
    await show(
      <>
        <RunActs run={run('completed', 4)} />
        <Reversals run={run('completed', 4)} />
      </>,
    );
    const link = await screen.findByRole('link', { name: 'A run that undoes this one' });
    expect(link.getAttribute('href')).toBe('/operator/reratings/back');
    expect(screen.getByText(word)).toBeDefined();
    expect(screen.queryAllByRole('button', { name: 'Reverse it' })).toHaveLength(isOver ? 1 : 0);
  });
});

describe('an import of prices out of a file', () => {
  const checkFile = async (file?: File) => {
    const fake = new FakeApi({});
    await show(<ImportPage />);
    fireEvent.click(await screen.findByRole('radio', { name: /^A newer data.json/ }));
    const input = document.querySelector('input[type=file]') as HTMLInputElement;
    if (file !== undefined) fireEvent.change(input, { target: { files: [file] } });
    fireEvent.click(screen.getByRole('button', { name: 'See what it would change' }));
    return fake;
  };

  it('asks for the file where none was chosen, and does not check the installed list instead', async () => {
    const fake = await checkFile();
    expect(await screen.findByText('Choose the file.')).toBeDefined();
    expect(fake.sent).toEqual([]);
  });

  it('asks for the file again that was changed after it was chosen', async () => {
    const file = new File(['[]'], 'data.json');
    file.text = () => Promise.reject(new DOMException('', 'NotReadableError'));
    const fake = await checkFile(file);
    expect(await screen.findByText(/has changed since you chose it/)).toBeDefined();
    expect(fake.sent).toEqual([]);
  });
});
