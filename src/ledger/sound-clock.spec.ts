import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, NOON, openAccount, settle } from '../../test/support/ledger/commands.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { Rejection } from '../kernel/index.js';
import { Accounts, ServerClock } from './index.js';

class Server extends ServerClock {
  asked = 0;

  constructor(private readonly answer: () => Promise<number | undefined>) {
    super();
  }

  override now(): Promise<number | undefined> {
    this.asked++;
    return this.answer();
  }
}

const at = (answer: () => Promise<number | undefined>) => {
  const store = new MemoryEventStore();
  const server = new Server(answer);
  const accounts = new Accounts(store, new MemoryReadModelStore(), server);
  const outcome = async (command: Parameters<Accounts['decide']>[1]) => {
    const decided = await accounts.decide('acc', command);
    return decided instanceof Rejection ? decided.code : decided.map(({ type }) => type);
  };
  return { store, server, outcome };
};

describe('a command, where a server tells the time', () => {
  const noon = () => Promise.resolve(NOON);

  it('is refused when it is further ahead than clocks differ, and nothing is written', async () => {
    const { store, outcome } = at(noon);
    expect(await outcome(openAccount({ at: NOON + 2 * DAY }))).toBe('clock_ahead');
    expect(await store.head()).toBe(-1);
  });

  it('is taken when it is minutes ahead, or behind', async () => {
    expect(await at(noon).outcome(openAccount({ at: NOON + 4 * MINUTE }))).toEqual(['AccountOpened']);
    expect(await at(noon).outcome(openAccount({ at: NOON - 2 * DAY }))).toEqual(['AccountOpened']);
  });

  it('that ends a call is taken by any clock', async () =>
    expect(await at(noon).outcome(settle('c', '1', { at: NOON + 2 * DAY }))).toBe('account_not_found'));

  it('asks the server once for many', async () => {
    const { server, outcome } = at(noon);
    await Promise.all([1, 2, 3].map(() => outcome(openAccount())));
    expect(server.asked).toBe(1);
  });

  it.each([
    ['tells none', () => Promise.resolve(undefined)],
    ['can’t be asked', () => Promise.reject(new Error('away'))],
    ['does not answer', () => new Promise<undefined>(() => {})],
  ])('is taken where it %s', async (_what, answer) =>
    expect(await at(answer).outcome(openAccount({ at: NOON + 2 * DAY }))).toEqual(['AccountOpened']),
  );
});
