// A statement as rows for a spreadsheet: the opening balance, every entry, the closing balance.
import type { CsvRow } from '../../platform/http/index.js';
import { type Statement, Tally } from './statement.js';

export const STATEMENT_COLUMNS = [
  'at',
  'description',
  'model',
  'key_id',
  'charge_id',
  'request_id',
  'amount',
  'balance',
  'currency',
];

export async function* statementRows(statement: Statement): AsyncGenerator<CsvRow> {
  const tally = new Tally(statement);
  yield { at: statement.from, description: 'Opening balance', balance: tally.balance, currency: 'usd' };
  for await (const event of statement.events) {
    const entry = tally.take(event);
    if (entry === undefined) continue;
    const { at, description, model, keyId, chargeId, requestId, amount } = entry;
    yield {
      at,
      description,
      model: model ?? null,
      key_id: keyId ?? null,
      charge_id: chargeId ?? null,
      request_id: requestId ?? null,
      amount,
      balance: tally.balance,
      currency: 'usd',
    };
  }
  yield { at: statement.to, description: 'Closing balance', balance: tally.balance, currency: 'usd' };
}
