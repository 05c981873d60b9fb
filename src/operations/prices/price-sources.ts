// Where prices of providers come from: the package that is installed with this release, or a data file of the same project.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { numbersAsText, refuse, Refused } from '../../kernel/index.js';
import { type PriceSource, readProvider, readProviders } from '../../pricing/index.js';

const PACKAGE = '@pydantic/genai-prices';

export interface NamedPrices {
  readonly source: PriceSource;
  /** For people: the package with its version, or the file. */
  readonly name: string;
}

/** Those of the installed package. Loaded on demand, because it is large. */
export async function installedPrices(): Promise<NamedPrices> {
  const { findProvider } = await import('@pydantic/genai-prices');
  const manifest = new URL('../package.json', import.meta.resolve(PACKAGE));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const name = `${PACKAGE} ${version}`;
  const source = (providerId: string) => {
    const provider = findProvider({ providerId });
    return provider === undefined ? undefined : understood(name, () => readProvider(provider));
  };
  return { source, name };
}

/** Those of the text of a `data.json` of genai-prices, to the last digit. @throws Refused `invalid_price_source` */
export function pricesIn(text: string, name: string): NamedPrices {
  let document: unknown;
  try {
    document = JSON.parse(text, numbersAsText);
  } catch (error) {
    throw invalidSource(`${name} can’t be read as JSON: ${(error as Error).message}`);
  }
  const providers = understood(name, () => readProviders(document));
  return { source: (id) => providers.find((provider) => provider.id === id), name };
}

function understood<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [first] = error.issues;
    throw invalidSource(`${name} has prices in an unknown format: ${first?.path.join('.')}: ${first?.message}.`);
  }
}

const invalidSource = (message: string): Refused => new Refused(refuse('invalid', 'invalid_price_source', message));
