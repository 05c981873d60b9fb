// The charges that an account remembers as settled. A busy account has hundreds of thousands, so all but the newest are packed into long
// strings: 26 bytes each, a quarter of what an entry of a map takes. A pack never changes, so copies share it and a snapshot has it as it is.
import { ID_LENGTH } from '../kernel/index.js';

/** Charges that were settled one after another. */
interface Pack {
  /** When the first of them may be forgotten. */
  readonly from: number;
  /** When all of them may. */
  readonly until: number;
  /** The greatest id in this pack and in those before it. Ids sort by time, so nearly every new one is greater, and is looked for no further. */
  readonly greatest: string;
  /** Sorted. Each is an id, and the milliseconds after `from` until it may be forgotten. */
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
const RECORD_LENGTH = ID_LENGTH + OFFSET_LENGTH;

export const noneSettled = (): SettledCharges => ({ packs: [], recent: new Map(), others: new Map() });

/** An independent copy, also of what a snapshot has of them. */
export const copyOfSettled = ({ packs, recent, others }: SettledCharges | FrozenCharges): SettledCharges => ({
  packs,
  recent: new Map(recent),
  others: new Map(others),
});

export const countSettled = ({ packs, recent, others }: SettledCharges): number =>
  packs.reduce((sum, { records }) => sum + records.length / RECORD_LENGTH, recent.size + others.size);

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
  const records = entries.map(([id, until]) => id + (until - from).toString(RADIX).padStart(OFFSET_LENGTH, '0'));
  const sorted = records.toSorted();
  const newest = idAt(sorted.at(-1) ?? '', 0);
  const greatest = before !== undefined && before.greatest > newest ? before.greatest : newest;
  return { from, until: Math.max(...untils), greatest, records: sorted.join('') };
}

/** When a charge in the packs may be forgotten. */
function untilIn(packs: readonly Pack[], id: string): number | undefined {
  for (let nth = packs.length - 1; nth >= 0; nth--) {
    const pack = packs[nth] as Pack;
    if (id > pack.greatest) return undefined;
    const until = untilInPack(pack, id);
    if (until !== undefined) return until;
  }
  return undefined;
}

function untilInPack(pack: Pack, id: string): number | undefined {
  let low = 0;
  let high = pack.records.length / RECORD_LENGTH;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (idAt(pack.records, middle) < id) low = middle + 1;
    else high = middle;
  }
  return idAt(pack.records, low) === id ? untilAt(pack, low) : undefined;
}

const entriesOf = (pack: Pack): Entry[] =>
  Array.from({ length: pack.records.length / RECORD_LENGTH }, (_, nth) => [
    idAt(pack.records, nth),
    untilAt(pack, nth),
  ]);

const idAt = (records: string, nth: number): string =>
  records.slice(nth * RECORD_LENGTH, nth * RECORD_LENGTH + ID_LENGTH);

function untilAt({ from, records }: Pack, nth: number): number {
  const end = (nth + 1) * RECORD_LENGTH;
  return from + parseInt(records.slice(end - OFFSET_LENGTH, end), RADIX);
}
