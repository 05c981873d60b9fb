import { api } from '../../api/client.ts';

/** The names of the models that can be called here, with those that the present choice names besides. */
export function useModels(chosen: readonly string[] = []): string[] {
  const { data } = api.useQuery('get', '/api/prices');
  const known = data?.data.filter(({ available }) => available).map(({ model }) => model) ?? [];
  return [...new Set([...known, ...chosen])];
}
