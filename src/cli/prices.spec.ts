// Prices at the command line, in this process, on a ledger in files.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';
import { type ModelPrices, PriceLists, type PriceVersion } from '../pricing/index.js';

let files: Awaited<ReturnType<typeof newFolder>>;
const run = (line: string) => runCommand(line.split(' '), files.env);

/** The cells of a printed table, row by row. */
const cellsOf = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('│')
        .map((cell) => cell.trim()),
    );

beforeAll(async () => {
  files = await newFolder();
});
afterAll(() => files.close());

it('shows every rate and its cost, also of models that are sold by the piece', async () => {
  const models = [
    { model: 'whisper-1', bands: [{ price: { input: '0', output: '0', perSecond: '0.0002' } }] },
    {
      model: 'gpt-4o',
      bands: [
        { promptTokens: { '<=': 200_000 }, price: { input: '3', output: '12', perRequest: '0.01' } },
        {
          price: { input: '4', inputAudio: '40', inputImage: '5', outputAudio: '80', output: '12' },
          cost: { input: '2.5', cachedInput: '1.25', inputAudio: '32', output: '10' },
          windows: [{ days: ['sat', 'sun'], from: '00:00', to: '24:00', price: { input: '2.5', output: '10' } }],
        },
      ],
    },
  ];
  await writeFile(join(files.folder, 'prices.json'), JSON.stringify({ models }));
  expect(await run(`prices publish ${join(files.folder, 'prices.json')} --yes`)).toMatchObject({ code: 0 });
  const { stdout } = await run('prices show');
  expect(cellsOf(stdout)).toEqual([
    ['model', 'when', 'price', 'cost'],
    ['whisper-1', '', '', ''],
    ['input', '', '0.00', '0.00'],
    ['output', '', '0.00', '0.00'],
    ['perSecond', '', '0.0002', '0.0002'],
    ['gpt-4o', '', '', ''],
    ['input', '<= 200000', '3.00', '3.00'],
    ['output', '<= 200000', '12.00', '12.00'],
    ['perRequest', '<= 200000', '0.01', '0.01'],
    ['input', '', '4.00', '2.50'],
    ['output', '', '12.00', '10.00'],
    ['inputAudio', '', '40.00', '32.00'],
    ['outputAudio', '', '80.00', '10.00'],
    ['inputImage', '', '5.00', '2.50'],
    ['cachedInput', '', '4.00', '1.25'],
    ['input', 'sat,sun 00:00-24:00', '2.50', '2.50'],
    ['output', 'sat,sun 00:00-24:00', '10.00', '10.00'],
  ]);
});

it('fits the whole catalogue into a hundred columns', async () => {
  expect(await run('prices publish --yes')).toMatchObject({ code: 0 });
  const lines = (await run('prices show')).stdout.split('\n');
  expect(lines.length).toBeGreaterThan(500);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

/** Runs a command while somebody else publishes a version as soon as the command has read the newest. */
async function overtaken(line: string, models: readonly ModelPrices[]): Promise<Ended> {
  const lists: { all: () => Promise<readonly PriceVersion[]> } = PriceLists.prototype;
  const { all } = lists;
  lists.all = async function (this: PriceLists) {
    lists.all = all;
    const read = await all.call(this);
    const [effectiveFrom, at] = [new Date().toISOString(), Date.now()];
    await this.publish({ models, effectiveFrom, at, by: 'ada', acceptWarnings: true });
    return read;
  };
  try {
    return await run(line);
  } finally {
    lists.all = all;
  }
}

const newest = async (): Promise<{ version: number; by?: string } | undefined> =>
  (JSON.parse((await run('--json prices list')).stdout) as { version: number; by?: string }[]).at(-1);

it.each([
  ['publish --missing --yes', '7'],
  ['import --markup 10 --model gpt-4o --apply --yes', '8'],
])('does not undo a version that it has not read: %s', async (command, input) => {
  const models = [{ model: 'gpt-4o', bands: [{ price: { input, output: '9' } }] }];
  const { version = 0 } = (await newest()) ?? {};
  const { code, stderr } = await overtaken(`prices ${command}`, models);
  expect(stderr).toContain(`You expected price list ${version} to be the newest, and it is ${version + 1}`);
  expect(code).toBe(1);
  expect(await newest()).toMatchObject({ version: version + 1, by: 'ada' });
  expect(await run(`prices ${command}`)).toMatchObject({ code: 0 });
  expect(await newest()).toMatchObject({ version: version + 2, by: 'console' });
});
