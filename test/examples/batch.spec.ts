// 10,000 tickets, as the README has it: made, labelled with a key that was issued for it, and billed to the last digit.
// Modes: embedded. Rates and crashes of the stores have specs of their own.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, picoUsd, usd } from '../../src/kernel/index.js';
import type { Usage } from '../../sandbox/provider/index.js';
import { channel, newFolder, startGateway } from '../support/gateway/gateway.js';
import { Running, type RunningGateway, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import { costOf } from '../support/gateway/price-check.js';
import { answering, sendJson, startUpstream, usageBlock } from '../support/gateway/upstream.js';
import { hasPackage, PYTHON } from '../support/python.js';

const COUNT = 10_000;
const CREDIT = '2.00';
const FEW = 25;

interface Result {
  readonly id: string;
  readonly label: string | null;
  readonly usage: Usage;
  readonly cost: string;
}

const example = (file: string): string => fileURLToPath(new URL(`../../examples/batch/${file}`, import.meta.url));
const python = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running =>
  new Running([PYTHON, '-W', 'error', example(file), ...args], env);

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: RunningGateway;
let tickets: string;

const path = (name: string): string => join(files.folder, name);
const linesOf = async <Line>(name: string): Promise<Line[]> =>
  (await readFile(path(name), 'utf8')).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));

/** The first so many tickets, in a file. */
async function first(count: number): Promise<string> {
  const name = `tickets-${count}.jsonl`;
  await writeFile(path(name), tickets.split('\n').slice(0, count).join('\n'));
  return path(name);
}

const classify = (key: string, source: string, target: string, url = gateway.url): Running =>
  python('classify.py', [source, path(target)], { TOKENHUB_BASE_URL: `${url}/v1`, TOKENHUB_API_KEY: key });

/** An account with credit, and a key of it with so many requests a minute. */
async function issue(credit: string, rpm: number): Promise<{ accountId: string; key: string }> {
  const { accountId } = (await tokenhub(files.env, 'account', 'create', '--credit', credit)) as { accountId: string };
  const settings = ['--name', 'batch', '--rpm', `${rpm}`, '--budget-monthly', '2.00'];
  const { key } = (await tokenhub(files.env, 'key', 'issue', accountId, ...settings)) as { key: string };
  return { accountId, key };
}

const total = (costs: readonly string[]): string =>
  formatUsd(picoUsd(costs.reduce((sum, cost) => sum + usd(cost), 0n)));

describe.skipIf(!hasPackage('aiohttp'))('the batch', () => {
  /** It meets the limit of its key and waits for the minute to be over, while the others run. */
  let limited: Running;

  beforeAll(async () => {
    files = await newFolder();
    const made = python('make_tickets.py', [`${COUNT}`]);
    if ((await made.end()) !== 0) throw new Error(made.output);
    tickets = made.stdout;
    await writeFile(path('tickets.jsonl'), tickets);
    gateway = await startGatewayProcess({ ...files.env, ACCOUNT_REQUESTS_PER_MINUTE: '100000' });
    limited = classify((await issue(CREDIT, FEW - 5)).key, await first(FEW), 'limited.jsonl');
  });
  afterAll(async () => {
    await gateway.program.kill('SIGTERM');
    await files.close();
  });

  it(`of ${COUNT} tickets costs under $2: exactly its usage × the price, as the balance says too`, async () => {
    const { accountId, key } = await issue(CREDIT, 100_000);
    const batch = classify(key, path('tickets.jsonl'), 'labels.jsonl');
    expect(`${await batch.end()} ${batch.stderr}`).toBe('0 ');

    const results = await linesOf<Result>('labels.jsonl');
    expect(new Set(results.map(({ id }) => id)).size).toBe(COUNT);
    expect(results).toHaveLength(COUNT);
    expect(Math.max(...results.map(({ usage }) => usage.completion_tokens))).toBeLessThanOrEqual(10);
    const prompt = results.reduce((sum, { usage }) => sum + usage.prompt_tokens, 0) / COUNT;
    expect(prompt).toBeGreaterThan(250);
    expect(prompt).toBeLessThan(400);

    const cost = total(results.map(({ usage }) => costOf('gpt-4o-mini', usage)));
    expect(total(results.map((result) => result.cost))).toBe(cost);
    const left = formatUsd(picoUsd(usd(CREDIT) - usd(cost)));
    expect(await tokenhub(files.env, 'balance', accountId)).toMatchObject({ balance: left, available: left });
    const each = formatUsd(picoUsd(usd(cost) / BigInt(COUNT)));
    expect(usd(each) * BigInt(COUNT)).toBe(usd(cost)); // it comes out even
    expect(batch.stdout).toContain(`Charged: $${cost}, $${each} per ticket`);
    expect(batch.stdout).toContain(`Usage × price: $${cost}, the same`);
  });

  it('goes on where it stopped for want of credit, and pays for nothing twice', async () => {
    const { accountId, key } = await issue('0.004', 100_000);
    const source = await first(200);
    const poor = classify(key, source, 'resumed.jsonl');
    expect(await poor.end()).toBe(1);
    expect(poor.stderr).toMatch(/^Stopped: 402 .*Run it again to go on with the others\.\n$/s);
    const before = await linesOf<Result>('resumed.jsonl');
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(200);
    await tokenhub(files.env, 'account', 'credit', accountId, '1', '--reason', 'more');
    const batch = classify(key, source, 'resumed.jsonl');
    expect(`${await batch.end()} ${batch.stderr}`).toBe('0 ');
    const results = await linesOf<Result>('resumed.jsonl');
    expect(new Set(results.map(({ id }) => id)).size).toBe(200);
    const left = usd('1.004') - usd(total(results.map(({ cost }) => cost)));
    expect(await tokenhub(files.env, 'balance', accountId)).toMatchObject({ balance: formatUsd(picoUsd(left)) });
  });

  it('tries again what failed, which was not charged', async () => {
    const failed = new Set<string>();
    const label = { message: { role: 'assistant', content: ' Billing\n' }, index: 0, finish_reason: 'stop' };
    const provider = await startUpstream((call) => {
      const ticket = JSON.stringify(call.body['messages']);
      // The first ten break off, once: 502.
      if (failed.size < 10 && !failed.has(ticket)) {
        failed.add(ticket);
        call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{');
        setImmediate(() => call.response.destroy());
      } else answering(usageBlock(300, 2), { choices: [label] })(call);
    });
    const scripted = await startGateway({ channels: () => [channel('scripted', provider.url)] });
    const account = await scripted.desk.account();
    const batch = classify(account.key, await first(40), 'retried.jsonl', scripted.url);
    expect(`${await batch.end()} ${batch.stderr}`).toBe('0 ');
    const results = await linesOf<Result>('retried.jsonl');
    expect(results.map((result) => result.label)).toEqual(Array(40).fill('billing'));
    expect(failed.size).toBe(10);
    const { charged, released } = await account.ending();
    expect(charged.toSorted()).toEqual(results.map(({ cost }) => cost).toSorted());
    expect(released).toEqual(Array(10).fill('upstream_error'));
    // A provider that finds the request itself wrong is not asked again.
    provider.script = ({ response }) => sendJson(response, 400, { error: { message: 'No such field.' } });
    const refused = classify(account.key, await first(1), 'refused.jsonl', scripted.url);
    expect(await refused.end()).toBe(1);
    expect(refused.stderr).toContain('No such field.');
    expect(refused.stderr).toMatch(/^Stopped: 400 .*\(request req_\w+\)/);
    await scripted.close();
    await provider.close();
  });

  it('waits at the limit of its key for as long as it is told', async () => {
    expect(`${await limited.end()} ${limited.stderr}`).toBe('0 ');
    expect(await linesOf('limited.jsonl')).toHaveLength(FEW);
  });
});
