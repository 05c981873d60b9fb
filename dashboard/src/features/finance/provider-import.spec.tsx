// Importing a bill of a provider: its file, and what is shown when it is refused or fails.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import { ProviderImport } from './provider-import.tsx';

const user = userEvent.setup();

/** The dialog with a file chosen and the import asked for. */
async function importBill(file: File) {
  await show(<ProviderImport opened onClose={() => undefined} />);
  const dialog = within(await screen.findByRole('dialog', { name: 'Import a bill' }));
  await user.type(dialog.getByLabelText(/^Channel/), 'sandbox');
  await user.upload(document.querySelector('input[type=file]') as HTMLInputElement, file);
  await user.click(dialog.getByRole('button', { name: 'Import a bill' }));
  return dialog;
}

it('imports a CSV of a provider by the columns that are named', async () => {
  const route = 'POST /api/finance/provider-bills';
  const refused = failure(400, 'unreadable_bill', 'bill.csv, row 2: it has no day.');
  const fake = new FakeApi({ [route]: refused });
  await show(<ProviderImport opened onClose={() => undefined} />);
  const dialog = within(await screen.findByRole('dialog', { name: 'Import a bill' }));
  expect(dialog.queryByLabelText('Column of the day')).toBeNull();
  await user.selectOptions(dialog.getByLabelText('Format'), 'csv');
  await user.type(dialog.getByLabelText(/^Channel/), 'sandbox');
  await user.type(dialog.getByLabelText('Column of the day'), 'Date');
  await user.type(dialog.getByLabelText('Column of the cost'), ' USD ');
  const file = new File(['Date,model,USD'], 'bill.csv', { type: 'text/csv' });
  await user.upload(document.querySelector('input[type=file]') as HTMLInputElement, file);
  await user.click(dialog.getByRole('button', { name: 'Import a bill' }));
  expect(await dialog.findByText('bill.csv, row 2: it has no day.')).toBeDefined();
  const body = { format: 'csv', name: 'bill.csv', content: 'Date,model,USD', columns: ['day=Date', 'cost=USD'] };
  expect(fake.sent).toEqual([expect.objectContaining({ route, body: expect.objectContaining(body) as unknown })]);
});

it('asks for the file of a bill where none was chosen', async () => {
  const fake = new FakeApi({});
  await show(<ProviderImport opened onClose={() => undefined} />);
  const dialog = within(await screen.findByRole('dialog', { name: 'Import a bill' }));
  await user.type(dialog.getByLabelText(/^Channel/), 'sandbox');
  await user.click(dialog.getByRole('button', { name: 'Import a bill' }));
  expect(await dialog.findByText('Choose the file.')).toBeDefined();
  expect(document.activeElement).toBe(dialog.getByLabelText(/^File/));
  expect(fake.sent).toEqual([]);
});

it('shows the form of an import that failed as it was filled in', async () => {
  const job = { object: 'job', id: 'job-1', status: 'failed', error: { code: 'unreadable_bill', message: 'No day.' } };
  const route = 'POST /api/finance/provider-bills';
  const fake = new FakeApi({ [route]: { ...job, status: 'queued' }, 'GET /api/finance/jobs/job-1': job });
  const dialog = await importBill(new File(['{}'], 'bill.json'));
  expect(await dialog.findByText('No day.')).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Try again' }));
  expect(dialog.getByLabelText(/^Channel/)).toHaveProperty('value', 'sandbox');
  await user.click(dialog.getByRole('button', { name: 'Import a bill' }));
  expect(fake.sent.map(({ body }) => body)).toEqual([fake.sent[0]?.body, fake.sent[0]?.body]);
});

it('asks for the file of a bill again that was changed after it was chosen', async () => {
  const fake = new FakeApi({});
  const file = new File(['{}'], 'bill.json');
  file.text = () => Promise.reject(new DOMException('', 'NotReadableError'));
  const dialog = await importBill(file);
  expect(await dialog.findByText(/has changed since you chose it/)).toBeDefined();
  expect(fake.sent).toEqual([]);
});
