import type { Catalogue } from '../../pricing/index.js';
import { type Channel, SANDBOX_HEADER } from '../../proxy/index.js';
import type { SandboxProvider } from '../../../sandbox/provider/index.js';

/** The sandbox answers for each maker in that maker's own format, so calls take the same path as to a real provider. */
export const sandboxChannels = ({ url }: SandboxProvider, { models }: Catalogue): Channel[] => {
  const makers = new Set(models.map(({ maker }) => maker));
  const sandbox = {
    apiKey: 'sandbox',
    models: {},
    order: 0,
    weight: 1,
    servesRetired: true,
    responseHeaders: { [SANDBOX_HEADER]: '1' },
  };
  return [
    {
      ...sandbox,
      name: 'sandbox',
      baseUrl: `${url}/v1`,
      format: 'openai',
      responses: models.flatMap(({ maker, id }) => (maker === 'openai' ? [id] : [])),
      makers: [...makers].filter((maker) => maker !== 'anthropic' && maker !== 'google'),
    },
    {
      ...sandbox,
      name: 'sandbox-anthropic',
      baseUrl: `${url}/anthropic/v1`,
      format: 'anthropic',
      makers: ['anthropic'],
    },
    { ...sandbox, name: 'sandbox-gemini', baseUrl: `${url}/gemini/v1beta`, format: 'gemini', makers: ['google'] },
  ];
};
