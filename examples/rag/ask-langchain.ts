// The same with LangChain: `node examples/rag/ask-langchain.ts "How long does shipping take?"`
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { INSTRUCTIONS, nearest, prompt, readHandbook } from './handbook.ts';
import { apiKey, baseURL } from './token-hub.ts';

const [question = 'How long does shipping take?'] = process.argv.slice(2);
const configuration = { baseURL };

async function answer(): Promise<void> {
  const embeddings = new OpenAIEmbeddings({ model: 'text-embedding-3-small', apiKey, configuration });
  const chat = new ChatOpenAI({ model: 'gpt-4o-mini', maxTokens: 200, apiKey, configuration });
  const passages = await readHandbook();
  const embedded = await embeddings.embedDocuments(passages.map(({ text }) => text));
  const found = nearest(await embeddings.embedQuery(question), passages, embedded);
  const { text } = await chat.invoke([
    ['system', INSTRUCTIONS],
    ['human', prompt(question, found)],
  ]);
  console.log(text);
  console.log(`\nFrom: ${found.map(({ source }) => source).join(', ')}`);
}

await answer().catch((error: Error) => {
  console.error(`${baseURL}: ${error.message}`); // the status, and what token-hub says about it
  process.exitCode = 1;
});
