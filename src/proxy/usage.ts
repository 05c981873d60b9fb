// Where the endpoints find how OpenAI-shaped usage is read.
export { normaliseInputOutput, normaliseUsage } from '../wire/index.js';
