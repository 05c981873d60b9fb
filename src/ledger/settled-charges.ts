// The charges that an account remembers as settled. A busy account has hundreds of thousands, so all but the newest are packed into long
// strings: some 20 bytes each, where an entry of a map takes 91. A pack never changes, so copies share it and a snapshot has it as it is.
import { ID_LENGTH } from '../kernel/index.js';

/** Charges that were settled one after another. */
interface Pack {
  /** When the first of them may be forgotten. */
  readonly from: number;
  /** When all of them may. */
  readonly until: number;
  /** The greatest id in this pack and in those before it. Ids sort by time, so nearly every new one is greater, and is looked for no further. */
  readonly greatest: string;
  /** How all ids in it begin: with the time, those that were made within a second have six characters in common. */
  readonly prefix: string;
  /** Sorted. Each is the rest of an id, and the milliseconds after `from` until it may be forgotten. */
  readonly records: string;
}

export interface SettledCharges {
  /** The oldest first. Replaced, never changed. */
  packs: readonly Pack[];
  /** Not packed yet, in order of time: when each may be forgotten. */
  readonly recent: Map<string, number>;
  /** Those whose id has another length than ours, and which are never packed. */
  readonly others: Map<string, number>;
}

type Entry = readonly [id: string, until: number];

/** Them as JSON: maps are arrays. */
interface FrozenCharges extends Pick<SettledCharges, 'packs'> {
  readonly recent: readonly Entry[];
  readonly others: readonly Entry[];
}

const PACK_SIZE = 1_024;
const RADIX = 36;
/** Enough for 28 minutes. No two that are remembered are further apart than `HOLD_REPLAY_WINDOW_MS`. */
const OFFSET_LENGTH = 4;

export const noneSettled = (): SettledCharges => ({ packs: [], recent: new Map(), others: new Map() });

/** An independent copy, also of what a snapshot has of them. */
export const copyOfSettled = ({ packs, recent, others }: SettledCharges | FrozenCharges): SettledCharges => ({
  packs,
  recent: new Map(recent),
  others: new Map(others),
});

export const countSettled = ({ packs, recent, others }: SettledCharges): number =>
  packs.reduce((sum, pack) => sum + lengthOf(pack), recent.size + others.size);

/** Remembers a charge until an instant. To be called in the order of these instants. */
export function addSettled(settled: SettledCharges, id: string, until: number): void {
  const { recent, others } = settled;
  (id.length === ID_LENGTH ? recent : others).set(id, until);
  if (recent.size < PACK_SIZE) return;
  settled.packs = [...settled.packs, packed([...recent], settled.packs.at(-1))];
  recent.clear();
}

/** Whether a charge is remembered at `clock`. */
export function remembers({ packs, recent, others }: SettledCharges, id: string, clock: number): boolean {
  const until = recent.get(id) ?? others.get(id) ?? untilIn(packs, id);
  return until !== undefined && until > clock;
}

/** Gives back the memory of what may be forgotten at `clock`; of a pack, when that is all of it. */
export function forgetSettled(settled: SettledCharges, clock: number): void {
  const { packs, recent, others } = settled;
  if (packs[0] !== undefined && packs[0].until <= clock) settled.packs = packs.filter(({ until }) => until > clock);
  forgetOldest(recent, (until) => until <= clock);
  forgetOldest(others, (until) => until <= clock);
}

/** Those that are remembered at `clock`, none of them for longer than until `latest`. */
export function shortened(settled: SettledCharges, clock: number, latest: number): SettledCharges {
  const result = noneSettled();
  const entries = [...settled.packs.flatMap(entriesOf), ...settled.recent, ...settled.others];
  for (const [id, until] of entries.toSorted(([, one], [, other]) => one - other))
    if (until > clock) addSettled(result, id, Math.min(until, latest));
  return result;
}

/** Drops the oldest entries that may be forgotten. Entries are in order of time, so it stops at the first that may not. */
export function forgetOldest<T>(entries: Map<string, T>, mayGo: (entry: T) => boolean): void {
  for (const [id, entry] of entries) {
    if (!mayGo(entry)) return;
    entries.delete(id);
  }
}

function packed(entries: readonly Entry[], before: Pack | undefined): Pack {
  const untils = entries.map(([, until]) => until);
  const from = Math.min(...untils);
  const sorted = entries
    .map(([id, until]) => id + (until - from).toString(RADIX).padStart(OFFSET_LENGTH, '0'))
    .toSorted();
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)?.slice(0, ID_LENGTH)];
  const prefix = commonPrefix(first, last);
  const records = sorted.map((record) => record.slice(prefix.length)).join('');
  const greatest = before !== undefined && before.greatest > last ? before.greatest : last;
  return { from, until: Math.max(...untils), greatest, prefix, records };
}

function commonPrefix(one: string, other: string): string {
  let length = 0;
  while (length < other.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

/** When a charge in the packs may be forgotten. */
function untilIn(packs: readonly Pack[], id: string): number | undefined {
  for (let nth = packs.length - 1; nth >= 0; nth--) {
    const pack = packs[nth] as Pack;
    if (id > pack.greatest) return undefined;
    const until = id.startsWith(pack.prefix) ? untilOf(pack, id.slice(pack.prefix.length)) : undefined;
    if (until !== undefined) return until;
  }
  return undefined;
}

/** @param rest of an id, without the prefix */
function untilOf(pack: Pack, rest: string): number | undefined {
  let low = 0;
  let high = lengthOf(pack);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (restAt(pack, middle) < rest) low = middle + 1;
    else high = middle;
  }
  return restAt(pack, low) === rest ? untilAt(pack, low) : undefined;
}

const entriesOf = (pack: Pack): Entry[] =>
  Array.from({ length: lengthOf(pack) }, (_, nth) => [pack.prefix + restAt(pack, nth), untilAt(pack, nth)]);

const lengthOf = (pack: Pack): number => pack.records.length / widthOf(pack);

/** Of a record. */
const widthOf = ({ prefix }: Pack): number => ID_LENGTH - prefix.length + OFFSET_LENGTH;

function restAt(pack: Pack, nth: number): string {
  const width = widthOf(pack);
  return pack.records.slice(nth * width, (nth + 1) * width - OFFSET_LENGTH);
}

function untilAt(pack: Pack, nth: number): number {
  const end = (nth + 1) * widthOf(pack);
  return pack.from + parseInt(pack.records.slice(end - OFFSET_LENGTH, end), RADIX);
}
