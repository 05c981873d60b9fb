// The provider's public face; the folder's other files are its own business.
export { type SandboxProvider, type SandboxProviderOptions, startSandboxProvider } from './provider.js';
export type { UsageLine } from './usage-log.js';
export type { Usage } from './usage.js';
