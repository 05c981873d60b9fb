import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUsageLog } from '../../test/support/sandbox/usage-log.js';
import { type SandboxProvider, startSandboxProvider } from './index.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'sandbox-usage-log-'));
const LOG = join(FOLDER, 'usage.jsonl');

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider({ usageLogFile: LOG });
});
afterAll(async () => {
  await provider.close();
  rmSync(FOLDER, { recursive: true });
});

const ask = (requestId: string, knobs: string, fields: object = {}) =>
  fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'x-request-id': requestId },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `Hi [[sandbox ${knobs}]]` }], ...fields }),
  });
const linesOf = (requestId: string) => readUsageLog(LOG).filter((line) => line.requestId === requestId);

const streamed = { stream: true, stream_options: { include_usage: true } };

describe('the usage log', () => {
  it('has one line for an answer, with its id and the usage it carried', async () => {
    const { id, usage } = JSON.parse(await (await ask('plain', '')).text());
    expect(linesOf('plain')).toEqual([
      { requestId: 'plain', id, model: 'm', at: expect.stringMatching(/Z$/), usage, stream: false, fault: null },
    ]);
  });

  it('has the line before the usage of a paced stream arrives', async () => {
    const response = await ask('paced', 'chunks=2 chunk_delay=500', streamed);
    const decoder = new TextDecoder();
    let early: number | undefined;
    let logged: number | undefined;
    for await (const bytes of response.body ?? []) {
      early ??= linesOf('paced').length;
      if (decoder.decode(bytes).includes('"prompt_tokens"')) logged = linesOf('paced').length;
    }
    expect([early, logged]).toEqual([0, 1]);
  });

  it('has no line for an answer its caller left before the usage', async () => {
    const response = await ask('left', 'chunks=5 chunk_delay=200', streamed);
    await response.body?.cancel();
    await sleep(1_500);
    expect(linesOf('left')).toEqual([]);
  });

  it('has no line for an error', async () => {
    await ask('error', 'fault=status_500');
    expect(linesOf('error')).toEqual([]);
  });

  it('says which faults were played, and no usage where none was sent', async () => {
    await (await ask('faulty', 'fault=error_midstream,crlf', streamed)).text();
    expect(linesOf('faulty')).toMatchObject([{ usage: null, stream: true, fault: 'error_midstream,crlf' }]);
  });
});
