import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { grantEventStoreUser } from '../adapters/index.js';
import { isEmbedded, loadConfig } from '../platform/config.js';
import { printJson, UsageError, wantsJson } from './output.js';

/** What a connection string takes as it is, as the gateways name this user in theirs. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const eventStoreUserCommand = (command: Command): Command =>
  command.argument('<name>', 'the name of the user').action(eventStoreUser);

async function eventStoreUser(name: string, _options: object, command: Command): Promise<void> {
  const { EVENT_STORE_URL: url } = loadConfig();
  if (isEmbedded({ EVENT_STORE_URL: url }))
    throw new UsageError('EVENT_STORE_URL must name the administrator of an EventStoreDB: esdb://admin:…@host');
  if (!NAME.test(name)) throw new UsageError('The name must have letters, digits, ".", "_" and "-" only.');
  if (process.stdin.isTTY) throw new UsageError('Pipe the new password in: printf %s "$PASSWORD" | tokenhub …');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('The password on standard input is empty.');
  const done = await grantEventStoreUser(url, name, password);
  if (wantsJson(command)) return printJson({ name, done });
  for (const line of done) console.log(`${line}.`);
}
