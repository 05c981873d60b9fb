// What the programs print never shows the password of a connection string, whatever is wrong with it.
// Modes: embedded. It brings connection strings of its own, to servers that are not there.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../../support/gateway/gateway.js';
import { Program } from '../../support/gateway/gateway-process.js';

const PASSWORD = 'hunter2';
/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';

let files: Awaited<ReturnType<typeof newFolder>>;
beforeAll(async () => {
  files = await newFolder();
});
afterAll(() => rm(files.folder, { recursive: true }));

async function printed(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const program = new Program(file, args, { PORT: '0', ...files.env, ...env });
  await program.end();
  expect(program.output).not.toContain(PASSWORD);
  return program.output;
}

describe('the password of a connection string', () => {
  it.each([
    [{ EVENT_STORE_URL: `esdb://me:${PASSWORD}@${NOWHERE}?tsl=false` }, 'not supported, "tsl"'],
    [{ EVENT_STORE_URL: `kurrentdb://me:${PASSWORD}@${NOWHERE}` }, 'EVENT_STORE_URL="kurrentdb://me:***@'],
    [{ READ_MODEL_URL: `mongodb://me:${PASSWORD}@${NOWHERE}/db?bogus=1` }, 'option bogus is not supported'],
    [{ READ_MODEL_URL: `mongodb://me:a@${PASSWORD}@${NOWHERE}/db` }, 'must be percent-encoded'],
    [{ READ_MODEL_URL: `mongo://me:${PASSWORD}@${NOWHERE}/db` }, 'READ_MODEL_URL="mongo://me:***@'],
  ])('is not shown by a gateway that can’t start with %o', async (env, sentence) => {
    expect(await printed('src/main.js', [], env)).toContain(sentence);
  });

  it('is not shown by a command that finds no server', async () => {
    const mongo = { READ_MODEL_URL: `mongodb://me:${PASSWORD}@${NOWHERE}/db` };
    expect(await printed('src/cli.js', ['indexes'], mongo)).toMatch(
      /^tokenhub: READ_MODEL_URL: no MongoDB .*ECONNREFUSED/,
    );
    const named = { READ_MODEL_URL: `mongodb+srv://me:${PASSWORD}@no-such-host.invalid/db` };
    expect(await printed('src/cli.js', ['indexes'], named)).toContain(
      'no MongoDB can be used at no-such-host.invalid (',
    );
    const eventStore = { EVENT_STORE_URL: `esdb://me:${PASSWORD}@${NOWHERE}?tls=true` };
    expect(await printed('src/cli.js', ['account', 'create', '--reference', 'x'], eventStore)).toContain(
      'ECONNREFUSED',
    );
  });

  it('is not shown among the variables', async () => {
    const env = {
      EVENT_STORE_URL: `esdb://me:${PASSWORD}@host`,
      READ_MODEL_URL: `mongodb://me:${PASSWORD}@host`,
    };
    const text = await printed('src/cli.js', ['config'], env);
    expect(text).toContain('esdb://me:***@host');
    expect(text).toContain('mongodb://me:***@host');
  });
});
