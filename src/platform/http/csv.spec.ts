import { buffer, text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { usd } from '../../kernel/index.js';
import { csvFile, type CsvRow } from './csv.js';

const csv = (...rows: CsvRow[]) => text(csvFile('x.csv', ['model', 'amount'], rows).getStream());

it('shows amounts as decimals, negative ones too', async () => {
  expect(await csv({ model: 'gpt-4o', amount: usd('-0.000003') })).toBe('model,amount\ngpt-4o,-0.000003\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)'])('makes no formula of %s', async (model) => {
  expect(await csv({ model, amount: usd('1') })).toBe(`model,amount\n'${model},1.00\n`);
});

it('is known to Excel as UTF-8, by its byte-order mark, with rows and without', async () => {
  const bytes = (...rows: CsvRow[]) => buffer(csvFile('x.csv', ['model'], rows).getStream());
  expect(await bytes({ model: '客服' })).toEqual(Buffer.from('\uFEFFmodel\n客服\n'));
  expect(await bytes()).toEqual(Buffer.from('\uFEFFmodel\n'));
});

it('has its header without rows', async () => {
  expect(await csv()).toBe('model,amount\n');
});

it('breaks off when its rows can’t be read', async () => {
  async function* broken(): AsyncGenerator<CsvRow> {
    yield { model: 'gpt-4o', amount: usd('1') };
    await Promise.resolve();
    throw new Error('the store is gone');
  }
  const { promise, resolve } = Promise.withResolvers<Error>();
  csvFile('x.csv', ['model'], broken()).getStream().on('error', resolve).resume();
  expect((await promise).message).toBe('the store is gone');
});
