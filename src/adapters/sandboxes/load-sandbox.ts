import { ConfigurationError } from '../../platform/config.js';

/**
 * Loads a sandbox. The image for production has none: nothing made up can run there.
 * @throws ConfigurationError
 */
export async function loadSandbox<Sandbox>(load: () => Promise<Sandbox>): Promise<Sandbox> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigurationError(
      'Something is not configured, and this installation has no sandbox to stand in for it. Configure a model provider, Stripe and a mail server (docs/operating.md). To try token-hub without them, run `npm start` in its repository, or build its image with `--target development`.',
      { cause: error },
    );
  }
}
