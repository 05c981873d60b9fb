// The smallest decider with a rule worth racing for: a purse gives no more than was put into it. For specs of the stream writer.
import { type Decider, refuse } from '../../../src/kernel/index.js';
import type { SnapshotFormat } from '../../../src/event-store/index.js';

export interface PurseState {
  coins: number;
  readonly done: Set<string>;
}

export interface PurseCommand {
  readonly commandId: string;
  /** `Break` throws; `Garble` emits what has no canonical JSON; `Rattle` emits nothing; `Snatch` emits what can't happen. */
  readonly type: 'Put' | 'Take' | 'Rattle' | 'Break' | 'Garble' | 'Snatch';
  readonly coins?: number;
  /** A note of so many bytes goes into the event of a `Put`. */
  readonly noteBytes?: number;
}

export interface PurseEvent {
  readonly type: 'CoinsPut' | 'CoinsTaken';
  readonly data: { readonly command: string; readonly coins: number; readonly note?: string };
}

export const purse: Decider<PurseState, PurseCommand, PurseEvent> = {
  initial: () => ({ coins: 0, done: new Set() }),

  decide({ type, commandId, coins = 1, noteBytes }, state) {
    if (type === 'Break') throw new TypeError('broken');
    if (type === 'Rattle' || state.done.has(commandId)) return [];
    const note = noteBytes === undefined ? {} : { note: 'x'.repeat(noteBytes) };
    if (type === 'Put') return [{ type: 'CoinsPut', data: { command: commandId, coins, ...note } }];
    if (type === 'Garble') return [{ type: 'CoinsPut', data: { command: commandId, coins, note: '\ud800' } }];
    if (type === 'Snatch') return [{ type: 'CoinsTaken', data: { command: commandId, coins: state.coins + 1 } }];
    if (coins > state.coins) return refuse('invalid', 'too_few_coins', `There are only ${state.coins} coins.`);
    return Array.from({ length: coins }, () => ({ type: 'CoinsTaken', data: { command: commandId, coins: 1 } }));
  },

  evolve(state, { type, data }) {
    state.coins += type === 'CoinsPut' ? data.coins : -data.coins;
    if (state.coins < 0) throw new Error('impossible history: the purse gave more than it had');
    state.done.add(data.command);
    return state;
  },
};

/** What a reader picks of it. */
export const coinsIn = ({ coins }: PurseState): number => coins;

export const copyOfPurse = ({ coins, done }: PurseState): PurseState => ({ coins, done: new Set(done) });

export const purseSnapshots: SnapshotFormat<PurseState> = {
  view: { name: 'purse-snapshots-1', indexes: [] },
  entries: ({ done }) => done.size,
  freeze: ({ coins, done }) => ({ coins, done: [...done] }),
  thaw: (frozen) => ({ coins: Number(frozen['coins']), done: new Set(frozen['done'] as string[]) }),
};

let commands = 0;
const command = (type: PurseCommand['type'], coins?: number): PurseCommand => ({
  commandId: `purse-command-${commands++}`,
  type,
  ...(coins !== undefined && { coins }),
});

export const put = (coins: number): PurseCommand => command('Put', coins);
export const putWithNote = (coins: number, noteBytes: number): PurseCommand => ({ ...put(coins), noteBytes });
export const take = (coins: number): PurseCommand => command('Take', coins);
export const rattle = (): PurseCommand => command('Rattle');
export const breakIt = (): PurseCommand => command('Break');
export const snatch = (): PurseCommand => command('Snatch');
export const garble = (): PurseCommand => command('Garble');
