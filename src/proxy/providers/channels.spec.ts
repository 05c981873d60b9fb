import { describe, expect, it } from 'vitest';
import { ANY_MAKER, type Channel, Channels } from './channels.js';

const NOW = Date.parse('2026-11-23T00:00:00.000Z');
const RETIRED = 'claude-3-5-sonnet-20241022';

const channel = (name: string, more: Partial<Channel> = {}): Channel => ({
  name,
  baseUrl: `https://${name}.example/v1`,
  apiKey: 'secret',
  format: 'openai',
  models: {},
  makers: [ANY_MAKER],
  order: 0,
  weight: 1,
  servesRetired: false,
  responseHeaders: {},
  ...more,
});

const namesOf = (channels: readonly Channel[], model = 'gpt-4o', account = 'acc'): string[] =>
  new Channels(channels).routes(model, account, NOW).map((route) => route.channel.name);

describe('the routes of a model', () => {
  it('are those of the channels that serve its maker, under its own name', () => {
    const channels = [channel('a', { makers: ['openai'] }), channel('b', { makers: ['google'] })];
    expect(namesOf(channels)).toEqual(['a']);
    expect(new Channels(channels).routes('gpt-4o', 'acc', NOW)[0]?.upstreamModel).toBe('gpt-4o');
    expect(namesOf(channels, 'claude-haiku-4-5')).toEqual([]);
  });

  it('have the channel’s own name for it where it has one', () => {
    const renamed = channel('azure', { makers: [], models: { 'gpt-4o': 'my-deployment' } });
    expect(new Channels([renamed]).routes('gpt-4o', 'acc', NOW)[0]?.upstreamModel).toBe('my-deployment');
    expect(namesOf([renamed], 'gpt-4o-mini')).toEqual([]);
  });

  it('come in the order of their channels', () => {
    const channels = [channel('last', { order: 9 }), channel('first', { order: -1 }), channel('second')];
    for (let draw = 0; draw < 20; draw++) expect(namesOf(channels)).toEqual(['first', 'second', 'last']);
  });

  it('of the same order are spread over accounts by weight: each is the favourite of its share', () => {
    const channels = [channel('three', { weight: 3 }), channel('one', { weight: 1 })];
    const orders = Array.from({ length: 4_000 }, (_, account) => namesOf(channels, 'gpt-4o', `account ${account}`));
    const threeFirst = orders.filter(([first]) => first === 'three').length;
    // 3,000 are expected, with a standard deviation of 27.
    expect(threeFirst).toBeGreaterThan(2_800);
    expect(threeFirst).toBeLessThan(3_200);
    expect(orders.every((names) => names.length === 2)).toBe(true);
  });

  it('of the same order stay the same for an account, also when another channel is gone', () => {
    const channels = ['a', 'b', 'c', 'd'].map((name) => channel(name));
    const order = namesOf(channels);
    expect(namesOf(channels.toReversed())).toEqual(order);
    const [favourite, ...others] = order;
    expect(namesOf(channels.filter(({ name }) => name !== favourite))).toEqual(others);
  });

  it('lead to a retired model only where a channel says it still serves those, or names it', () => {
    expect(namesOf([channel('strict')], RETIRED)).toEqual([]);
    expect(namesOf([channel('sandbox', { servesRetired: true })], RETIRED)).toEqual(['sandbox']);
    expect(namesOf([channel('named', { models: { [RETIRED]: 'claude-sonnet-5-5' } })], RETIRED)).toEqual(['named']);
  });

  it('ask for the snapshot that the client asked for, by the channel’s name for it, or for the model, where it has one', () => {
    const [model, snapshot, other] = ['gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'];
    const asked = (more: Partial<Channel>) =>
      [model, snapshot, other].map(
        (name) => new Channels([channel('a', more)]).routes(name, 'acc', NOW)[0]?.upstreamModel,
      );
    expect(asked({})).toEqual([model, snapshot, other]);
    expect(asked({ makers: [], models: { [model]: 'mine' } })).toEqual(['mine', 'mine', 'mine']);
    expect(asked({ makers: [], models: { [snapshot]: 'pinned' } })).toEqual(['pinned', 'pinned', undefined]);
    expect(asked({ models: { [snapshot]: 'pinned' } })).toEqual([model, 'pinned', other]);
  });

  it('are the same for each name of a model', () => {
    const channels = ['a', 'b', 'c', 'd'].map((name) => channel(name));
    expect(namesOf(channels, 'gpt-4o-2024-08-06')).toEqual(namesOf(channels));
  });

  it('are none for a model that nobody knows', () => {
    expect(namesOf([channel('a')], 'gpt-99')).toEqual([]);
    expect(namesOf([channel('a')], 'constructor')).toEqual([]);
    expect(namesOf([channel('a', { models: { 'gpt-99': 'unpriced' } })], 'gpt-99')).toEqual([]);
    expect(namesOf([], 'gpt-4o')).toEqual([]);
  });

  it('are there exactly when the model is served', () => {
    const channels = new Channels([channel('a', { makers: ['openai'], models: { 'glm-5': 'glm' } })]);
    for (const model of ['gpt-4o', 'gpt-4o-2024-08-06', 'glm-5', 'glm-4.6', RETIRED, 'gpt-99', '__proto__'])
      expect(channels.serves(model, NOW), model).toBe(channels.routes(model, 'acc', NOW).length > 0);
  });
});
