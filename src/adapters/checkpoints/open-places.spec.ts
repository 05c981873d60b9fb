import { expect, it } from 'vitest';
import { ConfigurationError } from '../../platform/config.js';
import { openCheckpointPlaces } from './open-places.js';

const names = (CHECKPOINTS_URL?: string, EVENT_STORE_URL = 'esdb://hub@db:2113'): string[] =>
  openCheckpointPlaces({ EVENT_STORE_URL, CHECKPOINTS_URL }).map(({ name }) => name);

it('checkpoints of a ledger that is a file are beside it, unless they are elsewhere', () => {
  expect(names(undefined, 'sqlite:data/events.db')).toEqual(['file:data/events.db.checkpoints']);
  expect(names('file:elsewhere', 'sqlite:data/events.db')).toEqual(['file:elsewhere']);
  expect(names()).toEqual([]);
});

it('places are named one after another, and shown without what is secret in their addresses', () => {
  const places = [
    'file:///mnt/worm/checkpoints',
    's3+https://KEY:se%2Fcret@s3.example.com/bucket/a%20b/?region=eu-central-1',
    'https://auditor.example.com/hook?token=secret',
  ];
  expect(names(places.join(', '))).toEqual([
    'file:/mnt/worm/checkpoints',
    'https://s3.example.com/bucket/a%20b/',
    'https://auditor.example.com',
  ]);
});

it.each(['s3+https://s3.example.com/bucket', 'nowhere', 's3+bucket'])('%s is no place', (url) => {
  expect(() => names(url)).toThrow(ConfigurationError);
  expect(() => names(url)).toThrow(/^CHECKPOINTS_URL: /);
});
