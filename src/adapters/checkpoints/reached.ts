import { errorText } from '../../kernel/index.js';

/** The answer of a place. @throws Error that says why it can't be reached: `fetch` itself says no more than "fetch failed" */
export async function reached(place: string, answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (error) {
    throw new Error(`${place} can’t be reached: ${errorText((error as Error).cause ?? error)}`, { cause: error });
  }
}
