import { describe, expect, it } from 'vitest';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';

const PASSWORD = 'hunter2';

describe('the connection string of EventStoreDB', () => {
  it.each([
    [`esdb://admin:${PASSWORD}@host:2113?tsl=false`, 'an option that is not supported, "tsl"'],
    [`esdb://admin:${PASSWORD}@host:2113?tls=true&x_y`, 'an option that is not supported, "x_y"'],
    [`esdb://admin:${PASSWORD}@host:2113?tlsVerifyCert=false`, 'tlsVerifyCert must not be false'],
    [`esdb://admin:${PASSWORD}@host:2113?throwOnAppendFailure=false`, 'throwOnAppendFailure must not be false'],
    [`esdb://admin:a@${PASSWORD}@host:2113`, 'must be written as %40'],
    [`esdb://admin:${PASSWORD}@host:2113?tls=maybe`, 'true or false'],
    [`esdb://admin:${PASSWORD}@host:${PASSWORD}`, 'port number'],
    [`esdb://admin:${PASSWORD}`, 'port number'],
    [`esdb://admin:${PASSWORD}@`, 'host'],
    [`esdb://admin:${PASSWORD}@:2113?tls=true`, 'a host before each port and after each comma'],
    ['esdb://:2113', 'a host before each port and after each comma'],
    ['esdb+discover://a:2113,:2114/?tls=false', 'a host before each port and after each comma'],
    ['esdb://a,?tls=false', 'a host before each port and after each comma'],
    ['esdb://a:0', 'a port that is not between 1 and 65535'],
    ['esdb+discover://a:2113,b:65536', 'a port that is not between 1 and 65535'],
    [`mongodb://admin:${PASSWORD}@host`, 'esdb://'],
    [`esdb://admin:%${PASSWORD}@host`, 'URI malformed'],
  ])('is refused with a sentence that does not show its password: %s', async (url, sentence) => {
    const opening = EventStoreDbEventStore.open(url);
    await expect(opening).rejects.toThrow(sentence);
    await expect(opening).rejects.not.toThrow(PASSWORD);
    await expect(opening).rejects.not.toHaveProperty('connectionString');
  });

  it.each([
    'tls=true&nodePreference=leader&discoveryInterval=10&gossip_timeout=5&max-discover-attempts=3&connectionName=a',
    'defaultDeadline=4000&KeepAliveInterval=10000&keepAliveTimeout=10000&throwOnAppendFailure=true&tlsVerifyCert=true',
  ])('is taken with the options that the client knows: %s', async (options) => {
    const store = await EventStoreDbEventStore.open(`esdb+discover://admin:${PASSWORD}@a:2113,b?${options}`);
    await expect(store.close()).resolves.toBeUndefined();
  });
});
