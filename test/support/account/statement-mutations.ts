// What somebody could do to a statement: random edits of its JSON and of its text, and forgeries with right hashes.
import * as fc from 'fast-check';
import { chainHash, formatUsd, type JsonObject, picoUsd, usd } from '../../../src/kernel/index.js';
import { accountStream, entryOf, readAccountEvent } from '../../../src/ledger/index.js';
import type { SignedStatement } from '../../../src/account/statements/index.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Holder = Record<string, Json>;
export type Statement = { -readonly [Member in keyof SignedStatement]: SignedStatement[Member] };

/** Every place in a document, by the object or list that holds it. */
function* placesIn(value: Json): Generator<readonly [Holder, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const name of Object.keys(value)) {
    const holder = value as Holder;
    yield [holder, name];
    yield* placesIn(holder[name] ?? null);
  }
}

type Edit = (holder: Holder, name: string, other: Json) => void;
const edited =
  (change: (value: Json, other: Json) => Json): Edit =>
  (holder, name, other) => {
    holder[name] = change(holder[name] ?? null, other);
  };

const EDITS: readonly Edit[] = [
  edited((value) =>
    typeof value === 'number' ? value + 1 : typeof value === 'string' ? withOneChanged(value) : !value,
  ),
  edited((value) => (typeof value === 'number' ? value * 10 : typeof value === 'string' ? `${value}0` : null)),
  edited((value) => (typeof value === 'string' ? value.slice(1) : [value])),
  edited((_value, other) => structuredClone(other)),
  edited((value, other) => (Array.isArray(value) ? [...value, other] : { ...(value as object), extra: other })),
  edited((value) => (Array.isArray(value) ? value.slice(0, -1) : null)),
  edited((value) => (Array.isArray(value) ? value.toReversed() : JSON.stringify(value))),
  (holder, name) => void (Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name]),
  (holder, name) => {
    const [mine, next] = [holder[name] ?? null, Object.keys(holder).at(-1) ?? name];
    holder[name] = holder[next] ?? null;
    holder[next] = mine;
  },
];

/** A digit or letter in its middle becomes the next one. */
function withOneChanged(text: string): string {
  const at = text.length >> 1;
  const next = String.fromCharCode(text.charCodeAt(at) ^ 1);
  return text.slice(0, at) + next + text.slice(at + 1);
}

const nat = fc.nat({ max: 1_000_000 });

/** One edit of the JSON of a document. */
export const jsonEdits = fc.tuple(fc.constantFrom(...EDITS), nat, nat).map(([edit, at, other]) => (text: string) => {
  const document = JSON.parse(text) as Json;
  const places = [...placesIn(document)];
  const [holder, name] = places[at % places.length] as [Holder, string];
  const [otherHolder, otherName] = places[other % places.length] as [Holder, string];
  edit(holder, name, structuredClone(otherHolder[otherName] ?? null));
  return JSON.stringify(document);
});

/** One edit of the text of a file. */
export const textEdits = fc
  .tuple(
    fc.constantFrom('change', 'remove', 'insert', 'cut'),
    nat,
    fc.constantFrom(...'0123456789abcdefZ",:.-{}[] +/='),
  )
  .map(([what, somewhere, character]) => (text: string) => {
    const at = somewhere % text.length;
    if (what === 'cut') return text.slice(0, at);
    return text.slice(0, at) + (what === 'remove' ? '' : character) + text.slice(what === 'insert' ? at : at + 1);
  });

/** An edit of the data of an event, anywhere in it. */
export const dataEdits = fc
  .tuple(fc.constantFrom(...EDITS), nat, nat)
  .map(([edit, at, other]) => (data: JsonObject): JsonObject => {
    const document = data as { [name: string]: Json };
    const places = [...placesIn(document)];
    const [holder, name] = places[at % places.length] as [Holder, string];
    edit(holder, name, structuredClone(Object.values(document)[other % Object.keys(document).length] ?? null));
    return document;
  });

/** An edit of a part of the data of a charge. */
export const chargeEdits = fc
  .tuple(
    fc.constantFrom(...EDITS),
    fc.constantFrom('usage', 'usageRaw', 'cost', 'slices', 'priceVersion', 'pricedAt', 'model'),
    nat,
    nat,
  )
  .map(([edit, part, at, other]) => (data: JsonObject): JsonObject => {
    const document = data as { [name: string]: Json };
    const places = [[document, part] as const, ...placesIn(document[part] ?? null)];
    const [holder, name] = places[at % places.length] as [Holder, string];
    edit(holder, name, Object.values(document)[other % Object.keys(document).length] ?? null);
    return document;
  });

/** The events with right revisions and hashes again, and the balance that they come to. */
export function rehashed(statement: Statement): Statement {
  const stream = accountStream(statement.account_id);
  let { hash, revision } = statement.before;
  let balance: bigint = usd(statement.opening_balance);
  const events = statement.events.map(({ id, type, data: given }) => {
    const data = given as JsonObject;
    revision++;
    hash = chainHash(hash, { stream, revision, type, id, data });
    const recorded = { stream, revision, position: 0, recordedAt: '', id, type, data, metadata: {} };
    balance += entryOf(readAccountEvent(recorded))?.amount ?? 0n;
    return { revision, id, type, data: given, hash };
  });
  return { ...statement, events, closing_balance: formatUsd(picoUsd(balance)) };
}
