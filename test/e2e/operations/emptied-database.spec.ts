// MongoDB is emptied while gateways run, and a database in which people are there twice: an address stays one person's, and gateways start.
// Modes: two-gateways. The file of people on one machine has its rules in itself, and two gateways race in every way that one does.
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUser } from '../../../src/identity/users/user.js';
import { type TestFolder, newFolder } from '../../support/gateway/folder.js';
import { Program, RunningGateways, tokenhub } from '../../support/gateway/gateway-process.js';
import { PASSWORD, TestBrowser } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import { dropDatabase, newDatabase } from '../../support/mongodb/mongodb-server.js';

describe('an emptied MongoDB', () => {
  let files: TestFolder;
  let gateways: RunningGateways;
  let database: string;
  beforeAll(async () => {
    files = await newFolder();
    database = files.env['READ_MODEL_URL'] ?? '';
    gateways = await RunningGateways.start(files.env);
  });
  afterAll(async () => {
    for (const { program } of gateways.gateways) await program.kill('SIGKILL');
    await files.close();
  });

  const people = () => tokenhub(files.env, 'user', 'list') as Promise<{ user: string; email: string }[]>;

  /** Registers one address so many times at once, at all gateways in turn; 429 is for one address too often. */
  async function register(email: string, times: number): Promise<void> {
    const answers = Array.from({ length: times }, (_, n) => {
      const { url } = gateways.gateways[n % gateways.gateways.length] ?? gateways.first;
      return new TestBrowser(url).post('/api/auth/register', { email, password: PASSWORD });
    });
    for (const { status } of await Promise.all(answers)) expect([202, 429]).toContain(status);
  }

  it('lets six registrations of one address make one person, and gateways start again', async () => {
    await register('before@example.com', 1);
    await until('the first person', async () => (await people()).length === 1);
    await dropDatabase(database);
    await register('ada@example.com', 6);
    await until('a person', async () => (await people()).length > 0);
    await register('bob@example.com', 1);
    await until('the next one', async () => (await people()).some(({ email }) => email === 'bob@example.com'));
    expect((await people()).map(({ email }) => email)).toEqual(['ada@example.com', 'bob@example.com']);
    const { first } = gateways;
    await first.program.kill('SIGTERM');
    await gateways.replace(first);
  });

  it('with people in it who are there twice does not keep gateways from starting, which say how to repair it', async () => {
    const url = newDatabase(database);
    const connection = await mongoose.createConnection(url).asPromise();
    const ada = { ...newUser('ada@example.com', '2026-11-28T00:00:00Z') };
    const twice = ['first-id', 'second-id'].map((id) => ({
      _id: id,
      version: 1,
      doc: { ...ada, accountId: `of-${id}` },
    }));
    await connection.collection<{ _id: string }>('documents.users-1').insertMany(twice);
    const started = new Program('src/main.js', [], { PORT: '0', ...files.env, READ_MODEL_URL: url });
    await started.printed(/listens on/);
    const [line] = await started.printed(/^.*the same email.*$/m);
    expect(line).toMatch(/first-id and second-id.*tokenhub user remove-duplicate/);
    expect(line).not.toContain('ada@example.com');
    await started.kill('SIGTERM');
    await connection.dropDatabase();
    await connection.close();
  });
});
