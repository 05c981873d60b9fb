// The public interface of the sandbox provider; import nothing else from this folder.
export { type SandboxProvider, type SandboxProviderOptions, startSandboxProvider } from './provider.js';
export type { UsageLine } from './usage-log.js';
export type { Usage } from './usage.js';
