// Answers a question from the handbook, with OpenAI's client: `node examples/rag/ask.ts "How long does shipping take?"`
import OpenAI from 'openai';
import { INSTRUCTIONS, nearest, prompt, readHandbook } from './handbook.ts';
import { apiKey, baseURL } from './token-hub.ts';

const [question = 'How long does shipping take?'] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });

async function embed(input: string[]): Promise<number[][]> {
  const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input });
  return data.map(({ embedding }) => embedding);
}

async function answer(): Promise<void> {
  const passages = await readHandbook();
  const [asked = [], ...embeddings] = await embed([question, ...passages.map(({ text }) => text)]);
  const found = nearest(asked, passages, embeddings);
  const { choices } = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    max_tokens: 200,
    messages: [
      { role: 'system', content: INSTRUCTIONS },
      { role: 'user', content: prompt(question, found) },
    ],
  });
  console.log(choices[0]?.message.content);
  console.log(`\nFrom: ${found.map(({ source }) => source).join(', ')}`);
}

await answer().catch((error: Error) => {
  console.error(`${baseURL}: ${error.message}`); // the status, and what token-hub says about it
  process.exitCode = 1;
});
