import { List, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { Link } from '../../../ui/link.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { Status } from '../../../ui/status.tsx';

/** The channels to providers that do not answer as they should. */
export function Providers() {
  const { t } = useTranslation('operators');
  const providers = api.useQuery('get', '/api/operator/providers');
  return (
    <section>
      <Title order={2} mb="xs">
        {t('overview.providers')}
      </Title>
      <QueryState query={providers} lines={2}>
        {({ data }) => {
          const ailing = data.filter(({ status }) => status === 'degraded' || status === 'down');
          return (
            <List spacing={4}>
              {ailing.length === 0 && (
                <List.Item>
                  <Link to="/operator/providers">{t('overview.providersWell', { count: data.length })}</Link>
                </List.Item>
              )}
              {ailing.map(({ name, status }) => (
                <List.Item key={name}>
                  <Link to="/operator/providers">{name}</Link>{' '}
                  <Status tone={status === 'down' ? 'bad' : 'waiting'}>
                    {status === 'down' ? t('overview.down') : t('overview.degraded')}
                  </Status>
                </List.Item>
              ))}
            </List>
          );
        }}
      </QueryState>
    </section>
  );
}
