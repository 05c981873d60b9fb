// Modes: embedded. What clients can do does not depend on the stores.
// What works with which client, found by doing it; docs/api.md tells it. After a change for the better:
// npx vitest run --project embedded test/clients/conformance -u
import { afterAll, beforeAll, describe, it } from 'vitest';
import { inEveryFormat, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { expectPage } from '../section.js';
import { aiSdks } from './ai-sdk.js';
import { anthropicNode } from './anthropic-node.js';
import { findOut, type Place } from './features.js';
import { langChainJs } from './langchain-js.js';
import { openAiNode } from './openai-node.js';
import { findOutInPython, hasPython, PYTHON_CLIENTS } from './python.js';
import { withTable } from './table.js';

let gateway: TestGateway;
let place: Place;
beforeAll(async () => {
  gateway = await startGateway({ channels: inEveryFormat });
  const { key } = await gateway.desk.account('100.00');
  place = { baseUrl: `${gateway.url}/v1`, key };
});
afterAll(() => gateway.close());

if (!hasPython) {
  const install = (venv: string, file: string) =>
    `python3 -m venv ${venv} && ${venv}/bin/pip install --no-deps -r test/clients/python/${file}`;
  const advice = `${install('.venv', 'requirements.txt')} && ${install('.venv/llama-index', 'requirements-llama-index.txt')}`;
  console.warn(
    `\n!!! The Python clients are not installed, so they are NOT tested. Install them with: ${advice} !!!\n`,
  );
}

describe.skipIf(!hasPython && process.env['CI'] === undefined)('clients', () => {
  it('find what docs/api.md says', async () => {
    const node = [openAiNode(place), anthropicNode(place), ...aiSdks(place), langChainJs(place)];
    const [inNode, inPython] = await Promise.all([
      oneByOne(node, findOut),
      oneByOne(PYTHON_CLIENTS, (client) => findOutInPython(client, place)),
    ]);
    await expectPage((page) => withTable(page, [...inNode, ...inPython]));
  });
});

async function oneByOne<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
