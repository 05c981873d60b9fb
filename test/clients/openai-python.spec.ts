// Modes: embedded. What clients can do does not depend on the stores; openai-node.spec.ts runs in every mode.
// The official OpenAI client for Python, unchanged but for its base URL, in programs such as people write.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import { hasPackage, PYTHON } from '../support/python.js';

const run = promisify(execFile);
const program = (name: string): string => fileURLToPath(new URL(`python/${name}`, import.meta.url));

describe.skipIf(!hasPackage('openai'))('openai-python', () => {
  let gateway: TestGateway;
  let account: TestAccount;
  beforeAll(async () => {
    gateway = await startGateway();
    account = await gateway.desk.account();
  });
  afterAll(() => gateway.close());

  it.each(['quickstart.py', 'tools.py', 'errors.py', 'batch.py'])('passes %s', async (name) => {
    const env = { PATH: process.env['PATH'] ?? '', BASE_URL: `${gateway.url}/v1`, API_KEY: account.key };
    const { stdout } = await run(PYTHON, ['-W', 'error', program(name)], { env });
    expect(stdout).toContain('passed');
  });
});
