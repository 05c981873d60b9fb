// Answers from a handbook, as their README has them run: with OpenAI's client, and with LangChain's.
// Modes: embedded. Embeddings have nothing to do with stores.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { Running } from '../support/gateway/gateway-process.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';

let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway();
  account = await gateway.desk.account();
});
afterAll(() => gateway.close());

describe.each(['ask.ts', 'ask-langchain.ts'])('%s', (file) => {
  const run = (question: string, variables: Record<string, string> = {}): Running => {
    const env = { TOKENHUB_BASE_URL: `${gateway.url}/v1`, TOKENHUB_API_KEY: account.key, ...variables };
    return new Running([process.execPath, example(file), question], env);
  };

  it.each([
    ['How long does shipping take abroad?', 'shipping.md'],
    ['Is a repair of the hinge free?', 'warranty.md'],
    ['Which bulb can be dimmed?', 'bulbs.md'],
    ['When does the money of a refund arrive on my card?', 'refunds.md'],
  ])('answers “%s” from %s, and is charged for what it used', async (question, source) => {
    const before = (await account.ending()).charged.length;
    const asked = run(question);
    expect(`${await asked.end()} ${asked.stderr}`).toBe('0 ');
    // The sandbox quotes the prompt, which begins with the passage that was found first.
    expect(asked.stdout).toContain(`<passage source="${source}">`);
    expect(asked.stdout).toMatch(new RegExp(`^From: ${source}, \\w+\\.md$`, 'm'));
    const charges = (await account.eventsOf('TokensCharged')).slice(before);
    const models = charges.map(({ model }) => model);
    expect(new Set(models)).toEqual(new Set(['text-embedding-3-small', 'gpt-4o-mini']));
    expect(models.filter((model) => model === 'gpt-4o-mini')).toHaveLength(1);
    expect(charges.map(({ cost }) => cost)).not.toContain('0.00');
  });

  it('says what is wrong in a sentence', async () => {
    const without = run('Hi', { TOKENHUB_API_KEY: '' });
    expect(await without.end()).toBe(1);
    expect(without.stderr).toBe('Set TOKENHUB_API_KEY to a key of token-hub, sk-th_…\n');
    const wrong = run('Hi', { TOKENHUB_API_KEY: 'sk-th_wrong' });
    expect(await wrong.end()).toBe(1);
    expect(wrong.stderr).toContain(`${gateway.url}/v1: 401 The API key is truncated`);
    expect(wrong.stderr).not.toMatch(/\n\s+at /);
  });
});

const example = (file: string): string => fileURLToPath(new URL(`../../examples/rag/${file}`, import.meta.url));
