// What all fuzzing here shares: how much is tried, and what must hold afterwards.
import { expect } from 'vitest';
import { ReadModelStore } from '../../src/event-store/index.js';
import { isJsonObject } from '../../src/kernel/index.js';
import { verify } from '../../src/operations/index.js';
import { type Answer, errorOf, jsonOf } from '../support/gateway/calls.js';
import { channel, type ChannelEntry, type TestGateway } from '../support/gateway/gateway.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import { until } from '../support/gateway/until.js';

/** How many cases are tried; FUZZ_FACTOR=10 tries ten times as many. */
export const runs = (numRuns: number) => ({ numRuns: numRuns * Number(process.env['FUZZ_FACTOR'] ?? 1) });

export const formats = (openai: string, anthropic: string, google: string): readonly ChannelEntry[] => [
  channel('openai', openai, { makers: ['openai'] }),
  channel('anthropic', anthropic, { makers: ['anthropic'], format: 'anthropic' }),
  channel('google', google, { makers: ['google'], format: 'gemini' }),
];

/** The paths that Anthropic's clients call have its shape of errors; all others have OpenAI's. */
export const isAnthropic = (path: string): boolean => path.startsWith('/v1/messages');

/** Fails unless an answer is one that a client can read: never HTML, and every error in the shape of the API, never ours (500). */
export function expectReadable(path: string, answer: Answer): void {
  const type = answer.headers.get('content-type') ?? '';
  expect(type).not.toContain('html');
  expect(answer.text).not.toMatch(/^\s*</);
  if (answer.status < 400) return;
  expect(answer.status, answer.text).not.toBe(500);
  if (!isAnthropic(path)) return void errorOf(answer);
  const { type: shape, error } = jsonOf(answer);
  expect(shape).toBe('error');
  expect(isJsonObject(error) && typeof error['type'] === 'string' && typeof error['message'] === 'string').toBe(true);
}

/** No hold of the account is left, and the whole ledger verifies. */
export async function expectSettled(gateway: TestGateway, account: TestAccount): Promise<void> {
  await until('the end of all calls', () => gateway.callsUnderWay === 0);
  await until('the end of all holds', async () => (await account.ending()).open === 0);
  const readModels = gateway.app.get(ReadModelStore);
  expect(await verify(gateway.desk.store, readModels)).toMatchObject({ faults: [] });
}
