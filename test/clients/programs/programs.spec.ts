// Modes: embedded. What programs can do does not depend on the stores.
// The programs that people use, run as they would: each changes a file and runs a command, as a model tells it by calls of its tools.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channel, inEveryFormat, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { refusing, type ScriptedUpstream, startUpstream } from '../../support/gateway/upstream.js';
import { expectPage } from '../section.js';
import { directiveFor } from './directive.js';
import { PROGRAMS } from './programs.js';
import { isInstalled, runProgram, workIn } from './run-program.js';
import { withPrograms } from './table.js';

const missing = PROGRAMS.filter((program) => !isInstalled(program));
if (missing.length > 0) {
  console.warn(
    `\n!!! Not installed, so NOT tested: ${missing.map(({ name }) => name).join(', ')}. CONTRIBUTING.md says how. !!!\n`,
  );
}
const tested = process.env['CI'] === undefined ? PROGRAMS.filter(isInstalled) : PROGRAMS;

describe.skipIf(tested.length === 0)('a program at work', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({
      channels: (url) => [...inEveryFormat(url), channel('qwen', url, { makers: ['qwen'] })],
    });
  });
  afterAll(() => gateway.close());

  it.each(tested)('$name changes a file, runs a command, and pays for each of its calls', async (program) => {
    const account = await gateway.desk.account('100.00');
    const at = { url: gateway.url, key: account.key };
    await runProgram(
      program,
      at,
      (place) => `Greet the world. ${directiveFor(workIn(program, place))}`,
      async ({ code, output }, { folder }) => {
        expect(code, output).toBe(0);
        const greeting = join(folder, 'greeting.txt');
        expect(existsSync(greeting) && (await readFile(greeting, 'utf8')).trim(), output).toBe('hello');
        expect(existsSync(join(folder, 'ran')), output).toBe(true);
      },
    );
    const { charged, released, open } = await account.ending();
    expect({ released, open }).toEqual({ released: [], open: 0 });
    expect(charged.length).toBeGreaterThanOrEqual(typeof program.work === 'string' ? 1 : program.work.length + 1);
  });
});

describe.skipIf(tested.length === 0)('a program whose request the provider refuses', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  beforeAll(async () => {
    upstream = await startUpstream(
      refusing(400, {
        message: 'This model’s maximum context length is 8192 tokens.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      }),
    );
    gateway = await startGateway({ channels: () => [channel('strict', upstream.url)] });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it.each(tested)('$name says so within seconds, and does not send it again', async (program) => {
    const account = await gateway.desk.account('100.00');
    upstream.calls.length = 0;
    const at = { url: gateway.url, key: account.key };
    const { seconds, output } = await runProgram(
      program,
      at,
      () => 'Greet the world.',
      (run) => run,
    );
    expect(seconds, output).toBeLessThan(40);
    // Some ask for the title of the session beside it, or make the conversation shorter and try that.
    const bodies = upstream.calls.map(({ body }) => JSON.stringify(body));
    expect(bodies.length, output).toBeGreaterThan(0);
    expect(new Set(bodies).size, output).toBe(bodies.length);
  });
});

it('docs/api.md says how each is set up, and which version was run', () =>
  expectPage((page) => withPrograms(page, PROGRAMS)));
