// The account of docs/audit.md, "Replay and as-of", as it was at each position and instant of the table there.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIRST, ReratingDesk } from '../../test/support/rerating/desk.js';
import { eventsOf } from '../event-store/index.js';
import { formatUsd, fromInstant, toInstant, usd } from '../kernel/index.js';
import { GetAccountHandler } from './accounts.handlers.js';
import { type AsOf, GetAccount } from './accounts.messages.js';
import { accountStream, available, posted } from './index.js';

const HOUR_MS = 3_600_000;

/** $5.00, a call of $0.01025 an hour later that is priced again at half the output five days later, and $1.00 more in between. */
async function ledger(): Promise<ReratingDesk> {
  const desk = new ReratingDesk();
  await desk.publish('2.50', '10', '1');
  await desk.open('a', usd('5.00'));
  await desk.call('a', 'call', FIRST + HOUR_MS, 1_000);
  await desk.buy('a', 'more', usd('1.00'), FIRST + 30 * HOUR_MS);
  await desk.run(desk.request(await desk.publish('2.50', '5', '1')));
  return desk;
}

it('gives the figures of the table in docs/audit.md, by position and by instant', async () => {
  const { store, accounts } = await ledger();
  const handler = new GetAccountHandler(accounts, store);
  const line = async (asOf: AsOf, at: number): Promise<string> => {
    const state = await handler.execute(new GetAccount('a', asOf));
    return [posted(state), state.held, available(state, at)].map(formatUsd).join(' | ');
  };
  const rows: string[] = [];
  for await (const { position, type, data } of eventsOf(store, accountStream('a'))) {
    const instant = fromInstant(String(data['at']));
    rows.push(`| ${position} | ${toInstant(instant)} | \`${type}\` | ${await line({ position }, instant)} |`);
  }
  const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
  const table = page
    .split('\n')
    .filter((each) => /^\| \d+ +\| 2026/.test(each))
    .map((each) => each.replaceAll(/ +/g, ' '));
  expect(table).toEqual(rows);
  const instants = [FIRST + HOUR_MS - 1, FIRST + HOUR_MS, FIRST + 29 * HOUR_MS];
  const byInstant = await Promise.all(instants.map((instant) => line({ instant }, instant)));
  expect(byInstant).toEqual(['5.00 | 0.00 | 5.00', '4.98975 | 0.00 | 4.98975', '4.98975 | 0.00 | 4.98975']);
  await expect(handler.execute(new GetAccount('a', { position: 0 }))).rejects.toThrow('no account a at position 0');
});
