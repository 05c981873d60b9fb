import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import {
  type AccountEvent,
  type AccountEventType,
  accountEventSchemas,
  readAccountEvent,
} from '../../src/ledger/account.events.js';
import { postings } from '../../src/ledger/postings.js';
import { priceListPublishedSchema } from '../../src/pricing/price-list.js';

interface Golden {
  readonly type: AccountEventType;
  readonly data: JsonObject;
}

const folder = new URL('events/', import.meta.url);
const files = readdirSync(folder);
const types = Object.keys(accountEventSchemas) as AccountEventType[];
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden;
const goldens = files.map((file) => ({ file, ...read(file) }));
const accountGoldens = goldens.filter(({ type }) => types.includes(type));

/** As it is read from a store, where nothing but the type and the data matters. */
const newest = ({ type, data }: Golden): AccountEvent =>
  readAccountEvent({
    type,
    data,
    id: '',
    stream: 'account-acc',
    revision: 0,
    position: 0,
    metadata: {},
    recordedAt: '',
  });

// Golden files stay as they are for ever: each is an event of a version that was once written, and must still be read.
describe('golden events', () => {
  it.each(goldens)('$file is named after its type and version', ({ file, type, data }) =>
    expect(file).toMatch(
      new RegExp(`^${type}\\.v${typeof data['v'] === 'number' ? data['v'] : 1}(\\.[a-z]+)?\\.json$`),
    ),
  );

  it.each(accountGoldens)('$file reads as what its schema says, to the letter', (golden) => {
    const { data } = newest(golden);
    expect(accountEventSchemas[golden.type].parse(data)).toEqual(data);
  });

  it.each(accountGoldens)('$file books balanced postings', (golden) => {
    const entry = postings(newest(golden));
    expect(entry.reduce((total, { amount }) => total + amount, 0n)).toBe(0n);
  });

  it.each(types)('there is one of %s, in its newest version', (type) => expect(files).toContain(`${type}.v1.json`));

  it.each(types)('every field of %s is in one of its files', (type) => {
    const seen = accountGoldens.filter((golden) => golden.type === type).flatMap(({ data }) => Object.keys(data));
    expect(Object.keys(accountEventSchemas[type].shape).filter((field) => !seen.includes(field))).toEqual([]);
  });

  it('PriceListPublished.v1.json reads as what its schema says, to the letter', () => {
    const { data } = read('PriceListPublished.v1.json');
    expect(priceListPublishedSchema.parse(data)).toEqual(data);
  });
});
