import { ConfigurationError } from '../platform/config.js';

/**
 * Loads a sandbox. The image has none, so that nothing made up can run in production.
 * @throws ConfigurationError
 */
export async function loadSandbox<Sandbox>(load: () => Promise<Sandbox>): Promise<Sandbox> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigurationError(
      'Something is not configured, and this installation has no sandboxes to stand in for it. Configure a model provider, Stripe and a mail server (docs/operating.md), or try token-hub from its sources with `npm start`.',
      { cause: error },
    );
  }
}
