export { readAnthropicUsage } from './anthropic-usage.js';
export { readAnyUsage } from './any-usage.js';
export { isBedrockUsage } from './bedrock-usage.js';
export { normaliseInputOutput, normalisePrompt, normaliseResponses, normaliseUsage } from './chat-usage.js';
export { readGeminiUsage } from './gemini-usage.js';
export { type CountedCall, usageFollows } from './usage-follows.js';
