// Why a call costs something else since it was priced again. The example of docs/audit.md is the first of these, to the letter.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIRST, ReratingDesk } from '../../../test/support/rerating/desk.js';
import { bringUpToDate } from '../../event-store/index.js';
import { add, subtract, sum, usd, ZERO } from '../../kernel/index.js';
import { charges, type ReratingPolicy } from '../../ledger/index.js';
import { LedgerKeys, Seals } from '../../seals/index.js';
import { forOwner } from './explain.js';
import type { ChargeExplanation } from './explanation.dto.js';
import { explanationText } from './explanation-text.js';
import { Explanations } from './explanations.js';

const KEYS = new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);

/** An account with so much credit, and a call of $0.01025 (and $0.0011 at the provider) by version 1. */
async function called(credit: string): Promise<ReratingDesk> {
  const desk = new ReratingDesk();
  await desk.publish('2.50', '10', '1');
  await desk.open('a', usd(credit));
  await desk.call('a', 'call', FIRST, 1_000);
  return desk;
}

/** Prices the call by a new version. */
async function rerated(desk: ReratingDesk, output: string, policy: ReratingPolicy = 'bill'): Promise<string> {
  return desk.run(desk.request(await desk.publish('2.50', output, '0.80'), { policy }));
}

async function explained({ store, readModels, lists }: ReratingDesk): Promise<ChargeExplanation> {
  await bringUpToDate(store, readModels, [charges]);
  const seals = new Seals(store, readModels, KEYS, []);
  return new Explanations(store, readModels, lists, seals).of('call');
}

const slice = (before: string, amount: string, after: string) => [
  { lot_id: 'lot-a', kind: 'paid', amount, before, after },
];

it('reads as docs/audit.md prints it', async () => {
  const desk = await called('5.00');
  const run = await rerated(desk, '5');
  const text = explanationText(await explained(desk));
  const page = readFileSync(new URL('../../../docs/audit.md', import.meta.url), 'utf8');
  expect(text).toContain('Its price was corrected since: now it costs $0.00525.');
  const again = text
    .slice(text.indexOf('Priced again'))
    .replaceAll(run, '<run>')
    .replaceAll(/^ {2}(id|hash|after) \S+/gm, '  $1 …')
    .replaceAll(/recorded \S+,/g, 'recorded …,');
  expect(page).toContain(again);
});

it('has lines that sum to what the customer pays with what is absorbed, and to what the provider charges', async () => {
  const desk = await called('0.02');
  for (const output of ['5', '30', '1']) await rerated(desk, output, 'bill_to_zero');
  const { reratings, cost, cost_now } = await explained(desk);
  const total = (amounts: readonly (string | undefined)[]) => sum(amounts.map((amount) => usd(amount ?? '')));
  expect(reratings.map(({ absorbed }) => absorbed)).toEqual(['0.00', '0.01025', '0.00']);
  for (const each of reratings) {
    expect(total(each.lines.map(({ amount }) => amount))).toBe(usd(each.due));
    expect(add(usd(each.cost), usd(each.absorbed))).toBe(usd(each.due));
    expect(total(each.lines.map(({ provider_amount }) => provider_amount))).toBe(usd(each.provider_cost ?? ''));
    const [more, back] = [each.taken, each.given_back].map((slices) => total(slices.map(({ amount }) => amount)));
    expect(subtract(more ?? ZERO, back ?? ZERO)).toBe(usd(each.difference));
  }
  expect(reratings.map(({ previous_cost }) => previous_cost)).toEqual([cost, '0.00525', '0.02']);
  expect(reratings.at(-1)?.cost).toBe(cost_now);
});

it('says which lots gave and got, what no credit was left for, and why a part is not charged', async () => {
  const desk = await called('0.02');
  await rerated(desk, '30');
  await rerated(desk, '40', 'absorb');
  const [billed, absorbed] = (await explained(desk)).reratings;
  expect(billed).toMatchObject({ difference: '0.02', taken: slice('0.00975', '0.00975', '0.00'), debt: '0.01025' });
  expect(absorbed).toMatchObject({ difference: '0.00', absorbed: '0.01', policy: 'absorb', taken: [], given_back: [] });
  const text = explanationText(await explained(desk));
  expect(text).toContain('No credit was left for $0.01025: the balance went below zero by that.');
  expect(text).toContain('Of that $0.01 is not charged (absorb).');
});

it('names the run that a reversal undoes, and the version that the charge had before', async () => {
  const desk = await called('5.00');
  const run = await rerated(desk, '5');
  const undoing = await desk.reversed(run);
  const { reratings, cost, cost_now } = await explained(desk);
  expect(reratings).toMatchObject([
    { run_id: run, reverses: null, given_back: slice('4.98975', '0.005', '4.99475') },
    { run_id: undoing, reverses: run, price: { version: 1 }, taken: slice('4.99475', '0.005', '4.98975') },
  ]);
  expect(cost_now).toBe(cost);
});

it('says what became of credit that could not go back: a debt, and a new lot for one that was paid off', async () => {
  const desk = await called('0.01');
  await rerated(desk, '10.10');
  const [first] = (await explained(desk)).reratings;
  expect(first).toMatchObject({ taken: [], debt: '0.0001' });
  await desk.buy('a', 'more', usd('0.0002'), desk.clock.time);
  await rerated(desk, '5');
  const [, second] = (await explained(desk)).reratings;
  expect(second).toMatchObject({ difference: '-0.0051', debt: '-0.00015' });
  expect(second?.new_lots).toMatchObject([{ instead_of: null, kind: 'paid', amount: '0.0002' }]);
});

it('keeps from the customer who decided and why, and what the provider charges', async () => {
  const desk = await called('5.00');
  await rerated(desk, '5');
  const own = forOwner(await explained(desk));
  expect(JSON.stringify(own)).not.toMatch(/provider_|postings|position|"ada"|"bob"|new prices|proposed_by|approved_by/);
  expect(explanationText(own)).toContain('Price list 1 before, price list 2 from then on.');
});

it('says so where the ledger does not have the run', async () => {
  const desk = await called('5.00');
  const { store } = desk;
  await rerated(desk, '5');
  const readStream = store.readStream.bind(store);
  store.readStream = async (stream, from, count) =>
    stream.startsWith('rerating-') ? [] : readStream(stream, from, count);
  expect(explanationText(await explained(desk))).toContain('The ledger does NOT say who decided on this run');
});
