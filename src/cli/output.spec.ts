import { expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';

it('shows the control characters in what customers wrote, and sends the terminal none', async () => {
  const files = await newFolder();
  const run = async (...args: string[]) => (await runCommand(args, files.env)).stdout;
  const { accountId } = JSON.parse(await run('--json', 'account', 'create', '--reference', 'a')) as {
    accountId: string;
  };
  const name = '\u001B]0;mine\u0007 \u009B2J\u202Etpircs';
  await run('key', 'issue', accountId, '--name', name, '--reference', 'k');
  const listed = [await run('key', 'list', accountId), await run('--json', 'key', 'list', accountId)];
  for (const text of listed) {
    expect(text).toContain(String.raw`\u001b]0;mine\u0007 \u009b2J\u202etpircs`);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
  }
  expect(JSON.parse(listed[1] ?? '')).toMatchObject([{ name }]);
  await files.close();
});
