import { Group, List, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Link } from '../../../ui/link.tsx';

/** What waits for a person, with the way to it. */
export function Waiting({ overview }: { readonly overview: Schema<'OperatorOverview'> }) {
  const { t } = useTranslation('operators');
  const {
    queue,
    reratings_to_approve: toApprove,
    reratings_to_apply: toApply,
    suspended_accounts: suspended,
  } = overview;
  const isNothing = queue.length === 0 && toApprove === 0 && toApply === 0;
  return (
    <section>
      <Title order={2} mb="xs">
        {t('overview.waiting')}
      </Title>
      {isNothing && (
        <Group gap="xs">
          <IconCircleCheck size={18} aria-hidden />
          <Text>{t('overview.nothing')}</Text>
        </Group>
      )}
      <List spacing={4}>
        {queue.map(({ kind, count }) => (
          <List.Item key={kind}>
            <Link to="/operator/queue" search={{ kind }}>
              {t(`overview.kinds.${kind}`, { count })}
            </Link>
          </List.Item>
        ))}
        {toApprove > 0 && (
          <List.Item>
            <Link to="/operator/reratings" search={{ status: 'proposed' }}>
              {t('overview.reratingsToApprove', { count: toApprove })}
            </Link>
          </List.Item>
        )}
        {toApply > 0 && (
          <List.Item>
            <Link to="/operator/reratings" search={{ status: 'approved' }}>
              {t('overview.reratingsToApply', { count: toApply })}
            </Link>
          </List.Item>
        )}
        {suspended > 0 && (
          <List.Item>
            <Link to="/operator/accounts" search={{ state: 'suspended' }}>
              {t('overview.suspended', { count: suspended })}
            </Link>
          </List.Item>
        )}
      </List>
    </section>
  );
}
