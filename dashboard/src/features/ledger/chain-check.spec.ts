import { describe, expect, it } from 'vitest';
import { chainedEvents, fileOf } from '../../../test/chained.ts';
import { chainHash, checkEvent, GENESIS } from './chain-check.ts';
import { checkStream } from './stream-check.ts';

const opened = {
  stream: 'account-acc',
  revision: 0,
  type: 'AccountOpened',
  id: '0b0ff7a6-6e4d-5d5e-9d3a-0d2f3b6c4c11',
};

// The same as in src/kernel/hash-chain.spec.ts.
describe('the frozen vectors of the hash chain', () => {
  it('the first event of a stream', async () => {
    const data = { accountId: 'acc', at: '2026-03-04T12:00:00.000Z' };
    const hash = '216faba823b1802c22f9bf90094175c7fa87d8cd7fe6702ff1a10cd79712f2e9';
    expect(await chainHash(GENESIS, { ...opened, data })).toBe(hash);
  });

  it('data of every kind', async () => {
    const data = { 'é€😀': [1, 1.5, -0, 1e21, true, null, 'a"\\\n'], b: { z: {}, a: [] }, a: '' };
    const hash = '919b445d6c5b6874201fb3bdac0a2ae23066cb26bf641e4e5e9501184771fe02';
    expect(await chainHash(GENESIS, { ...opened, data })).toBe(hash);
  });
});

describe('an event', () => {
  it('is checked against the one before it', async () => {
    const [first, second, third] = await chainedEvents();
    expect(await checkEvent(first, undefined)).toBeUndefined();
    expect(await checkEvent(third, second)).toBeUndefined();
    const cheaper = { ...third, data: { ...third.data, cost: '0.006363' } };
    expect(await checkEvent(cheaper, second)).toEqual({ revision: 2, what: 'content' });
    const richer = { ...second, data: { ...second.data, amount: '9.00' } };
    expect(await checkEvent(third, richer)).toEqual({ revision: 1, what: 'content' });
    expect(await checkEvent(third, first)).toEqual({ revision: 2, what: 'link' });
    expect(await checkEvent(second, undefined)).toEqual({ revision: 1, what: 'link' });
  });
});

describe('a whole stream', () => {
  const checked = (text: string) => {
    const { body } = new Response(text);
    if (body === null) throw new Error('no body');
    return checkStream(body, { onProgress: () => undefined });
  };

  it('is right, and tells its last hash', async () => {
    const events = await chainedEvents();
    const right = { stream: 'account-acc', events: 3, hash: events[2].hash, isSealed: true, fault: undefined };
    expect(await checked(fileOf(events))).toEqual(right);
  });

  it('names the event that has another digit, is missing, or was cut off', async () => {
    const events = await chainedEvents();
    const [first, second, third] = events;
    const faultOf = async (text: string) => (await checked(text)).fault;
    expect(await faultOf(fileOf(events).replace('0.006364', '0.006365'))).toEqual({ revision: 2, what: 'content' });
    expect(await faultOf(fileOf(events).replace('"5.00"', '"6.00"'))).toEqual({ revision: 1, what: 'content' });
    expect(await faultOf(fileOf([first, third]))).toEqual({ revision: 1, what: 'missing' });
    expect(await faultOf(fileOf([first, second], 3))).toEqual({ revision: 2, what: 'cut_off' });
    const unended = fileOf(events).split('\n').slice(0, 3).join('\n');
    expect(await faultOf(`${unended}\n`)).toEqual({ revision: 2, what: 'cut_off' });
  });
});
