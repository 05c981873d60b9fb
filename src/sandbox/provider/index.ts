// The provider's public face; the folder's other files are its own business.
export { FAULTS, type Fault, type Knobs, parseKnobText, parseKnobs } from './knobs.js';
export { type SandboxProvider, type SandboxProviderOptions, startSandboxProvider } from './provider.js';
export { countTokens } from './tokenizer.js';
export type { UsageLine } from './usage-log.js';
export type { Usage } from './usage.js';
