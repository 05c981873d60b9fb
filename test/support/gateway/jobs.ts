// Long work that /api does as jobs.
import type { JsonObject } from '../../../src/kernel/index.js';
import type { Reply, TestPerson } from './person.js';
import { until } from './until.js';

/** The job that an answer tells of, when it is over. */
export async function jobOver(person: TestPerson, started: Reply, role = 'finance'): Promise<JsonObject> {
  if (started.status !== 202) throw new Error(`no job was started: ${started.text}`);
  const path = `/api/${role}/jobs/${String(started.body['id'])}`;
  return until('a job that is over', async () => {
    const { body } = await person.get(path);
    return body['finished_at'] === null ? undefined : body;
  });
}
