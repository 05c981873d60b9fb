// What a models file and a channels file may say of models, and what stops the start.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../platform/config.js';
import { Catalogue, findModel, SHIPPED } from '../../pricing/index.js';
import { configuredChannels } from './channel-config.js';
import { configuredCatalogue } from './model-config.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(content: unknown): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const MISTRAL = {
  id: 'mistral-large-3',
  maker: 'mistral',
  contextWindow: 262_144,
  maxOutputTokens: 32_768,
  bands: [{ price: { input: '0.60', output: '1.80' }, cost: { input: '0.50', output: '1.50' } }],
};
const catalogueOf = (...models: unknown[]): Catalogue => configuredCatalogue({ MODELS_FILE: write({ models }) });

describe('a models file', () => {
  it('adds a model by its name, its limits and its prices; the rest has defaults', () => {
    const { prices, ...model } = catalogueOf(MISTRAL).find('mistral-large-3') ?? {};
    expect(model).toEqual({
      id: 'mistral-large-3',
      name: 'mistral-large-3',
      maker: 'mistral',
      kind: 'chat',
      contextWindow: 262_144,
      maxOutputTokens: 32_768,
      input: ['text'],
      output: ['text'],
      tokenLimitField: 'max_tokens',
      imageTokens: 0,
      lifecycle: { status: 'live' },
    });
    expect(prices?.bands).toEqual(MISTRAL.bands);
  });

  it('may be written as docs/operating.md has it', () => {
    const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
    const [, example = ''] = /## Models of your own[^]*?```json\n([^]*?)```/.exec(page) ?? [];
    const { models } = JSON.parse(example) as { models: object[] };
    expect(catalogueOf(...models).find('mistral-large-latest')).toMatchObject({ imageTokens: 4_096, maker: 'mistral' });
  });

  it('leaves the shipped models as they are, all of them without a file', () => {
    expect(catalogueOf(MISTRAL).find('gpt-4o')).toEqual(findModel('gpt-4o'));
    expect(configuredCatalogue({ MODELS_FILE: undefined })).toBe(SHIPPED);
  });

  it('may put another entry in the place of a shipped model, and take an alias for a model of its own', () => {
    const own = { ...MISTRAL, id: 'gpt-4o', aliases: ['claude-haiku-4-5-20251001'] };
    const catalogue = catalogueOf(own);
    expect(catalogue.find('gpt-4o')?.maker).toBe('mistral');
    expect(catalogue.find('claude-haiku-4-5-20251001')?.id).toBe('gpt-4o');
  });

  it.each([
    ['no prices', { bands: undefined }, 'bands'],
    ['a price of too many digits', { bands: [{ price: { input: '0.0000001', output: '1' } }] }, 'at most 6 are exact'],
    [
      'bands that leave prompts without a price',
      { bands: [{ promptTokens: { '<=': 9 }, price: { input: '1', output: '1' } }] },
      'Prompts of more than 9 tokens have no price',
    ],
    ['no window', { contextWindow: undefined }, 'contextWindow'],
    ['a completion beyond the window', { maxOutputTokens: 262_145 }, 'A completion fits the context window'],
    ['images of no size', { input: ['text', 'image'] }, 'imageTokens'],
    ['images that it does not take', { imageTokens: 9 }, 'imageTokens'],
    ['a price per piece that no band names', { soldBy: 'perImage' }, 'This model is sold perImage'],
    ['an unknown kind', { kind: 'video' }, 'kind'],
    ['a field nobody knows', { window: 1 }, 'window'],
    ['a name with a space', { id: 'mistral large' }, 'letters, digits'],
    ['a maker in capitals', { maker: 'Mistral' }, 'small letters'],
    ['itself as an alias', { aliases: ['mistral-large-3'] }, '"mistral-large-3" is given twice'],
    ['a shipped id as an alias', { aliases: ['gpt-4o'] }, '"gpt-4o" is the id of a shipped model'],
    [
      'a successor that is not there',
      { lifecycle: { status: 'retiring', on: '2027-01-01', successor: 'x' } },
      'its successor "x" is not a model',
    ],
  ])('with %s stops the start', (_case, change, sentence) => {
    expect(() => catalogueOf({ ...MISTRAL, ...change })).toThrow(sentence);
    expect(() => catalogueOf({ ...MISTRAL, ...change })).toThrow(/^MODELS_FILE=.*file\.json can’t be used:\n/);
  });

  it('has every fault named at once', () => {
    const faults = () =>
      catalogueOf({ ...MISTRAL, aliases: ['gpt-4o'] }, MISTRAL, { ...MISTRAL, id: 'y', soldBy: 'perSecond' });
    for (const fault of ['"mistral-large-3" is given twice', '"gpt-4o" is the id', 'model "y": bands[0]: This model'])
      expect(faults).toThrow(fault);
  });
});

describe('a channels file', () => {
  const channelsOf = (catalogue: Catalogue, ...channels: object[]) => {
    const path = write({
      channels: channels.map((channel) => ({ baseUrl: 'https://x.example/v1', apiKey: 'k', ...channel })),
    });
    return configuredChannels(loadConfig({ CHANNELS_FILE: path }), catalogue);
  };

  it('may name models by any of their names, and makers, also of models that an operator added', () => {
    const own = Catalogue.with([{ ...(findModel('gpt-4o') as never as object), id: 'm', maker: 'mistral' } as never]);
    const named = {
      name: 'a',
      models: { 'claude-haiku-4-5-20251001': 'haiku', m: 'mistral-large' },
      makers: ['mistral', '*'],
    };
    expect(channelsOf(own, named)).toMatchObject([named]);
  });

  it('knows the models that it has responses of by their ids, whichever of their names it has', () => {
    const [channel] = channelsOf(SHIPPED, { name: 'a', makers: ['openai'], responses: ['gpt-5.6', 'gpt-5.3-codex'] });
    expect(channel?.responses).toEqual(['gpt-5.6-sol', 'gpt-5.3-codex']);
  });

  it('that names an unknown model or maker stops the start, names all of them, and says what to do', () => {
    const channels = () =>
      channelsOf(
        SHIPPED,
        { name: 'a', models: { 'gpt-4o': 'x', 'gpt-4p': 'y' } },
        { name: 'b', models: { llama: 'z' }, makers: ['mistral'], apiKey: undefined },
      );
    expect(channels).toThrow(/^CHANNELS_FILE=.*file\.json can’t be used:\n/);
    for (const fault of [
      'channel "a" names the model "gpt-4p", which the catalogue does not have, so it has no price',
      'channel "b" names the model "llama"',
      'channel "b" names the maker "mistral"',
      'channel "b" needs apiKey or apiKeyEnv',
      'MODELS_FILE',
    ])
      expect(channels).toThrow(fault);
    expect(channels).not.toThrow('"gpt-4o"');
  });

  it.each(['sk-key\r', 'sk-\u2026key'])('has no key that no request can carry: %j', (key) => {
    const said = 'must be one line of ASCII characters without spaces';
    expect(() => channelsOf(SHIPPED, { name: 'a', apiKey: key })).toThrow(said);
    vi.stubEnv('A_KEY', key);
    const named = () => channelsOf(SHIPPED, { name: 'a', apiKey: undefined, apiKeyEnv: 'A_KEY' });
    expect(named).toThrow(`channel "a" names A_KEY, which ${said}`);
    vi.unstubAllEnvs();
  });

  it.each([{ name: '渠道' }, { name: 'a\nb' }, { name: 'a', responseHeaders: { 'x-a': '值' } }])(
    'has nothing that no header of an answer can carry: %j',
    (channel) => expect(() => channelsOf(SHIPPED, channel)).toThrow('Must be ASCII characters in one line'),
  );

  it.each(['https://x.example/openai?api-version=1', 'https://x.example/v1#a', 'https://me:secret@x.example/v1'])(
    'has no address of which a part would not be used: %s',
    (baseUrl) => {
      const said = /Must be a host and a path, without a user, a query or a fragment[^]*channels\[0\]\.baseUrl/;
      expect(() => channelsOf(SHIPPED, { name: 'a', baseUrl })).toThrow(said);
    },
  );

  it('may begin with the byte order mark of an editor', () => {
    const path = write({});
    writeFileSync(path, '\uFEFF{"channels":[{"name":"a","baseUrl":"https://x.example/v1","apiKey":"k"}]}');
    expect(configuredChannels(loadConfig({ CHANNELS_FILE: path }), SHIPPED)).toMatchObject([{ name: 'a' }]);
  });

  it('gives each channel a name that no other has, those that a provider’s key opens included', () => {
    const twice = () => channelsOf(SHIPPED, { name: 'a' }, { name: 'b' }, { name: 'a' }, { name: 'a' });
    expect(twice).toThrow(/can’t be used:\n {2}channel "a" is there more than once: give each a name of its own$/);
    const path = write({ channels: [{ name: 'openai', baseUrl: 'https://x.example/v1', apiKey: 'k' }] });
    const beside = (env: object) => configuredChannels(loadConfig({ CHANNELS_FILE: path, ...env }), SHIPPED);
    expect(() => beside({ OPENAI_API_KEY: 'k' })).toThrow(/a channel "openai", and OPENAI_API_KEY opens one/);
    expect(beside({ ZAI_API_KEY: 'k' }).map(({ name }) => name)).toEqual(['openai', 'zhipu']);
  });
});
