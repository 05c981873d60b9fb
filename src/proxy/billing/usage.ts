// Where the endpoints find how OpenAI-shaped usage is read.
export { normaliseInputOutput, normaliseResponses, normaliseUsage } from '../wire/index.js';
