// Prices at the command line, in this process, on a ledger in files.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';

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
