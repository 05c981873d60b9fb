// Modes: embedded, two-gateways. Two gateways run on servers, too.
// The first start prints commands to copy. They are run here as they were printed, with the programs people have.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../support/gateway/gateway.js';
import { type RunningGateway, RunningGateways } from '../support/gateway/gateway-process.js';
import { readStream } from '../support/gateway/streams.js';

const run = promisify(execFile);
const KEY = /sk-th_\w+/;

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: RunningGateways;
/** The one that made the demo account: of two, the first to find the ledger empty. */
let host: RunningGateway;
beforeAll(async () => {
  files = await newFolder();
  gateway = await RunningGateways.start(files.env);
  host = gateway.gateways.find(({ program }) => KEY.test(program.output)) ?? gateway.first;
});
afterAll(async () => {
  await gateway.kill('SIGTERM');
  await files.close();
});

/** The printed command that starts with `curl` and this path, as one line of shell, for whichever gateway takes the call. */
function printedCurl(path: string): string {
  const { program, url } = host;
  const lines = program.output.replaceAll('\\\n', ' ').split('\n');
  const command = lines.find((line) => line.trim().startsWith(`curl ${url}${path}`));
  if (command === undefined) throw new Error(`no curl command for ${path} was printed:\n${program.output}`);
  return command.trim().replace(url, gateway.url);
}

const shell = async (command: string): Promise<string> => (await run('/bin/sh', ['-c', `${command} --silent`])).stdout;

describe('curl', () => {
  it('gets the answer of the quickstart, its tokens counted as there', async () => {
    const answer = JSON.parse(await shell(printedCurl('/v1/chat/completions'))) as Record<string, unknown>;
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/) as string,
      object: 'chat.completion',
      model: 'claude-3-5-sonnet-20241022',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: expect.stringContaining('ctopus') as string },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 14, completion_tokens: 22, total_tokens: 36 },
    });
  });

  it('sees what it cost', async () => {
    // claude-3-5-sonnet: 14 tokens at $3 and 22 at $15 per million are $0.000372.
    expect(JSON.parse(await shell(printedCurl('/v1/account/balance')))).toMatchObject({ balance: '4.999628' });
  });

  it('streams with one word more', async () => {
    const command = printedCurl('/v1/chat/completions').replace('{"model"', '{"stream":true,"model"');
    const stream = readStream(await shell(`${command} --no-buffer`));
    expect(stream).toMatchObject({ done: true });
    expect(stream.content).toContain('ctopus');
  });
});
