// Two checkers, of which neither knows the other, must find every statement that somebody tampered with, and nothing wrong with any other.
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkerUsageFollows, checkStatement } from '../../../test/support/account/statement-checker.js';
import {
  FEBRUARY,
  forged,
  MARCH,
  SAMPLE_KEYS,
  statementLedger,
  statementOf,
} from '../../../test/support/account/statement-ledger.js';
import {
  chargeEdits,
  dataEdits,
  jsonEdits,
  rehashed,
  type Statement,
  textEdits,
} from '../../../test/support/account/statement-mutations.js';
import { newLedgerKey } from '../../../test/support/account/statement-seals.js';
import { DIALECTS } from '../../../test/support/proxy/wire/usage-dialects.js';
import { ForwardingEventStore, type RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import {
  normaliseUsage,
  readAnthropicUsage,
  readGeminiUsage,
  type Usage,
  UsageFault,
  usageFollows,
  usageOf,
} from '../../pricing/index.js';
import { LedgerKeys, signNote } from '../../seals/index.js';
import { statementText } from './statement-note.js';
import { PricedCalls } from './priced-calls.js';
import { anyStatementSchema } from './statement-schema.js';
import { parseStatement } from './statement-text.js';
import { verifyStatement } from './verify-statement.js';

const LATE_MARCH = { from: '2026-03-09T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };

let ledger: Awaited<ReturnType<typeof statementLedger>>;
let small: string;
let march: string;
beforeAll(async () => {
  ledger = await statementLedger();
  [small, march] = [await ledger.statement(LATE_MARCH), await ledger.statement(MARCH)];
});

/** What the command line finds. */
function faultsOf(text: string, keys: readonly string[]): readonly string[] {
  let file: unknown;
  try {
    file = parseStatement(text);
  } catch {
    return ['not JSON'];
  }
  const { data } = anyStatementSchema.safeParse(file);
  return data === undefined ? ['not a statement'] : verifyStatement(file as typeof data, keys).faults;
}

/** Whether both checkers find it right; throws when one does and the other does not. */
async function agreedOn(text: string, keys = [ledger.vkey]): Promise<boolean> {
  const told = faultsOf(text, keys);
  const { faults } = await checkStatement(text, { keys: keys.join('\n') });
  expect([told.length === 0, told, faults]).toEqual([faults.length === 0, told, faults]);
  return told.length === 0;
}

/** All of a file but how its signature is written. */
function meaningOf(text: string): string | undefined {
  const { signature: _signature, ...content } = JSON.parse(text) as JsonObject;
  return canonicalize(content);
}

/** The log as an insider would seal it who moved its events. */
class Backwards extends ForwardingEventStore {
  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return (await super.readAll(after, limit)).toReversed();
  }
}

describe('both checkers', () => {
  it('find the statements of a ledger right, and know who signed them', async () => {
    for (const text of [small, march, await ledger.statement(FEBRUARY)]) {
      expect(await agreedOn(text)).toBe(true);
      const { signedBy } = verifyStatement(JSON.parse(text) as Statement);
      const found = await checkStatement(text);
      expect([signedBy, found.signedBy, found.trusted]).toEqual([ledger.vkey, ledger.vkey, false]);
    }
  });

  it('find one without a signature right by itself, and wrong for whoever trusts a key', async () => {
    const unsigned = await statementOf(ledger.store, MARCH, false);
    const { proof: _proof, signature: _signature, ...first } = { ...(JSON.parse(march) as Statement), version: 1 };
    for (const text of [unsigned, JSON.stringify(first)]) {
      expect(await agreedOn(text, [])).toBe(true);
      expect(await agreedOn(text)).toBe(false);
    }
  });

  it.each([
    ['first', (text: string) => text.replace('{', '{"closing_balance":"99.00",')],
    ['last', (text: string) => text.replace(/\}\s*$/, ',"closing_balance":"99.00"}')],
    ['within an event', (text: string) => text.replace('"data":{', '"data":{"cost":"0.01",')],
    ['by another way to write it', (text: string) => text.replace('{', '{"\\u0066rom":"2026-01-01T00:00:00.000Z",')],
  ])('refuse a file in which a member stands twice: %s', async (_where, twice) => {
    expect(await agreedOn(twice(small))).toBe(false);
    expect(await agreedOn(JSON.stringify(JSON.parse(small), null, 1).replaceAll('\n', '\r\n'))).toBe(true);
  });

  it.each([
    ['the JSON', jsonEdits, 1_200],
    ['the text', textEdits, 800],
  ])('find every random edit of %s, unless the file means the same', async (_of, edits, numRuns) => {
    const law = fc.asyncProperty(edits, async (edit) => {
      const mutant = edit(small);
      const isFound = !(await agreedOn(mutant));
      expect(isFound || meaningOf(mutant) === meaningOf(small)).toBe(true);
    });
    await fc.assert(law, { numRuns });
  });

  it.each<[string, (statement: Statement) => Statement]>([
    ['nothing', (statement) => statement],
    ['a later beginning', (statement) => ({ ...statement, from: '2026-03-09T09:00:00.000Z' })],
    ['an earlier beginning', (statement) => ({ ...statement, from: MARCH.from })],
    ['a later end', (statement) => ({ ...statement, to: '2026-04-02T00:00:00.000Z' })],
    ['an earlier end', (statement) => ({ ...statement, to: '2026-03-21T00:00:00.000Z' })],
    ['a charge less', (statement) => rehashed(without(statement, 'TokensCharged'))],
    ['a refund less', (statement) => rehashed(without(statement, 'RefundRequested'))],
    ['the last event less', (statement) => rehashed({ ...statement, events: statement.events.slice(0, -1) })],
    ['two events swapped', (statement) => rehashed({ ...statement, events: swapped(statement.events) })],
    [
      'an event twice',
      (statement) => rehashed({ ...statement, events: statement.events.flatMap((one) => [one, one]) }),
    ],
    ['an amount changed', (statement) => rehashed(withAmounts(statement))],
    ['nothing before it', (statement) => ({ ...statement, proof: { ...statement.proof!, before: null } })],
    ['nothing after it', (statement) => ({ ...statement, proof: { ...statement.proof!, after: null } })],
  ])('find a forgery with right hashes, signed by another key or not at all: %s', async (what, forge) => {
    const forgery = forge(JSON.parse(small) as Statement);
    expect(await agreedOn(JSON.stringify(forgery))).toBe(what === 'nothing');
    const own = new LedgerKeys([newLedgerKey()]);
    expect(await agreedOn(signedWith(own, { ...forgery, proof: { ...forgery.proof!, keys: [vkeyOf(own)] } }))).toBe(
      false,
    );
    expect(await agreedOn(signedWith(own, forgery), [])).toBe(false);
  });

  it.each<[string, (statement: Statement) => Statement]>([
    ['a period that takes in the event before it', (statement) => ({ ...statement, from: MARCH.from })],
    [
      'a period that begins with the event before it',
      (statement) => ({ ...statement, from: String(statement.proof?.before?.data['at']) }),
    ],
    ['a period that takes in the event after it', (statement) => ({ ...statement, to: '2026-05-01T00:00:00.000Z' })],
    ['no event before it', (statement) => ({ ...statement, proof: { ...statement.proof!, before: null } })],
    ['a charge less', (statement) => rehashed(without(statement, 'TokensCharged'))],
    ['the last event less', (statement) => rehashed({ ...statement, events: statement.events.slice(0, -1) })],
  ])('find what the ledger’s own key signed against its own tree: %s', async (_what, forge) => {
    expect(await agreedOn(signedWith(SAMPLE_KEYS, forge(JSON.parse(small) as Statement)))).toBe(false);
  });

  it.each<[string, string, (data: JsonObject) => JsonObject]>([
    [
      'usage × 10 beside an unchanged raw block',
      'another usage',
      (data) => ({ ...data, usage: tenfold(data['usage'] as Usage) }),
    ],
    ['no raw block', 'another usage', (data) => ({ ...data, usageRaw: {} })],
    [
      'a cost of another price',
      'comes to',
      (data) => ({ ...data, cost: '0.40', slices: [{ lotId: 'lot-1', amount: '0.40' }] }),
    ],
    ['less taken than it costs', 'was taken for it', (data) => ({ ...data, slices: [] })],
    ['a price list of later', 'before price list 2 was in force', (data) => ({ ...data, priceVersion: 2 })],
    ['a time that goes backwards', 'earlier than', (data) => ({ ...data, at: '2026-03-01T00:00:00.000Z' })],
  ])('find what an insider forged in the ledger and sealed anew: %s', async (_what, named, change) => {
    const forgery = await statementOf(await forged(ledger.store, change), MARCH);
    expect(await agreedOn(forgery)).toBe(false);
    expect(verifyStatement(JSON.parse(forgery) as Statement).faults.join('\n')).toContain(named);
  });

  it('find a log that has the events of an account in another order', async () => {
    const found = await checkStatement(await statementOf(new Backwards(ledger.store), MARCH));
    expect(found.faults.map(([code]) => code)).toEqual(['order', 'order']);
    expect(await agreedOn(await statementOf(new Backwards(ledger.store), MARCH))).toBe(false);
  });

  it('agree on every other forgery of an insider', async () => {
    const law = fc.asyncProperty(chargeEdits, fc.nat({ max: 8 }), async (edit, nth) => {
      let charge = 0;
      const forgery = await forged(ledger.store, (data) => (charge++ === nth ? edit(data) : data));
      const text = await statementOf(forgery, MARCH).catch(() => undefined);
      if (text !== undefined) await agreedOn(text); // else not even a statement can be made of it
    });
    await fc.assert(law, { numRuns: 200 });
  });

  it.each(['ChargeRerated', 'TokensCharged', 'HoldPlaced'])('agree on forgeries anywhere in a %s', async (type) => {
    const law = fc.asyncProperty(dataEdits, fc.nat({ max: 8 }), async (edit, nth) => {
      let event = 0;
      const forgery = await forged(ledger.store, (data) => (event++ === nth ? edit(data) : data), type);
      const text = await statementOf(forgery, MARCH).catch(() => undefined);
      if (text !== undefined) await agreedOn(text);
    });
    await fc.assert(law, { numRuns: 300 });
  });

  it.each<[string, (data: JsonObject, nth: number) => JsonObject, string]>([
    ['another earlier cost', (data) => ({ ...data, previousCost: data['cost']!, slices: [] }), 'of another charge'],
    ['another earlier version', (data) => ({ ...data, previousPriceVersion: 7 }), 'of another charge'],
    ['another price', (data) => ({ ...data, absorbed: '1.00' }), 'comes to'],
    ['less given back', (data) => ({ ...data, slices: [], successors: [] }), 'was moved for it'],
    [
      'the last one for a charge that is none',
      (data, nth) => (nth === 8 ? { ...data, chargeId: 'none' } : data),
      'no charge before it',
    ],
  ])('find what an insider forged of a corrected price: %s', async (_what, change, named) => {
    let nth = 0;
    const forgery = await forged(ledger.store, (data) => change(data, nth++), 'ChargeRerated');
    const text = await statementOf(forgery, { ...FEBRUARY, to: MARCH.to });
    expect(await agreedOn(text)).toBe(false);
    expect(verifyStatement(JSON.parse(text) as Statement).faults.join('\n')).toContain(named);
  });

  it('know of a correction whose call is in no statement whether it could be in an earlier one', async () => {
    const late = { from: '2026-03-10T00:00:00.000Z', to: MARCH.to };
    expect(await agreedOn(await ledger.statement(late))).toBe(true);
    const earlier = await ledger.statement({ ...FEBRUARY, to: late.from });
    const other = (data: JsonObject) => ({ ...data, chargeId: 'none' });
    const forgery = await statementOf(await forged(ledger.store, other, 'ChargeRerated'), late);
    const calls = new PricedCalls();
    verifyStatement(JSON.parse(earlier) as Statement, [], calls);
    const { faults } = verifyStatement(JSON.parse(forgery) as Statement, [], calls);
    expect(faults.join('\n')).toContain('no charge before it');
    const found = await checkStatement(forgery, { earlier });
    expect(found.faults.map(([code]) => code)).toContain('noCharge');
  });

  it.each<JsonObject>([
    { candidatesTokenCount: 1 },
    { candidatesTokenCount: 3, totalTokenCount: 10 },
    { thoughtsTokenCount: 4, totalTokenCount: 9, toolUsePromptTokenCount: 8 },
  ])('read an answer of Gemini without its prompt alike: %j', (usageRaw) => {
    const usage = readGeminiUsage(usageRaw) as Usage;
    for (const promptTokens of [usage.promptTokens, usage.promptTokens + 1]) {
      const charge = { usage: { ...usage, promptTokens }, usageRaw, estimated: undefined };
      expect(checkerUsageFollows(charge)).toBe(usageFollows(charge));
    }
    expect(checkerUsageFollows({ usage, usageRaw, estimated: undefined })).toBe(true);
  });

  it('read usage blocks alike', () => {
    const count = fc.oneof(fc.nat({ max: 400 }), fc.constantFrom(null, -1, 1.5, '3', 1e9));
    const part = fc.constantFrom(...PARTS);
    const inner = fc.dictionary(part, count, { maxKeys: 6 });
    const details = fc.oneof(
      count,
      inner,
      fc.array(inner, { maxLength: 2 }),
      fc.constantFrom('ephemeral', 'AUDIO', 'fast', '5m', '1h'),
    );
    const blocks = fc.oneof(
      fc.dictionary(part, details, { maxKeys: 8 }),
      fc.constantFrom(...DIALECTS.map(({ block }) => block)),
    );
    const readers: ((raw: JsonObject) => Usage | UsageFault)[] = [normaliseUsage, readAnthropicUsage, readGeminiUsage];
    const law = fc.property(blocks, fc.nat(), fc.constantFrom(undefined, 'client_left'), (raw, nth, estimated) => {
      const usageRaw: JsonObject = raw;
      const read = readers.map((reader) => reader(usageRaw)).flatMap((one) => (one instanceof UsageFault ? [] : [one]));
      for (const usage of [...read, usageOf({ promptTokens: nth % 500, completionTokens: 3 }) as Usage]) {
        const charge = { usage, usageRaw, estimated };
        expect(checkerUsageFollows(charge)).toBe(usageFollows(charge));
      }
    });
    fc.assert(law, { numRuns: 1_500 });
  });
});

const PARTS = [
  ...DIALECTS.flatMap(({ block }) => Object.entries(block)).flatMap(([name, value]) => [
    name,
    ...(typeof value === 'object' && value !== null ? Object.keys(value) : []),
  ]),
  'input_tokens output_tokens input_tokens_details output_tokens_details thinking_tokens cache_creation speed'.split(
    ' ',
  ),
  'promptTokenCount candidatesTokenCount thoughtsTokenCount totalTokenCount toolUsePromptTokenCount'.split(' '),
  'promptTokensDetails candidatesTokensDetails modality tokenCount ttl images seconds characters results'.split(' '),
].flat();

const vkeyOf = (keys: LedgerKeys): string => keys.newest.verifierKey;

/** The file with a new signature. */
function signedWith(keys: LedgerKeys, { signature: _signature, ...statement }: Statement): string {
  const last = statement.events.at(-1) ?? statement.before;
  const signature = signNote(statementText(statement, last, statement.events.length), keys.signing);
  return JSON.stringify({ ...statement, signature });
}

const without = (statement: Statement, type: string): Statement => {
  const at = statement.events.findIndex((event) => event.type === type);
  return { ...statement, events: statement.events.toSpliced(at, 1) };
};

const swapped = <T>([first, second, ...others]: readonly T[]): T[] => [second as T, first as T, ...others];

const withAmounts = (statement: Statement): Statement => ({
  ...statement,
  events: statement.events.map((event) => ({
    ...event,
    data: event.data['amount'] === undefined ? event.data : { ...event.data, amount: '0.01' },
  })),
});

const tenfold = (usage: Usage): Usage => ({
  ...usage,
  completionTokens: usage.completionTokens * 10,
  totalTokens: usage.promptTokens + usage.completionTokens * 10,
});
