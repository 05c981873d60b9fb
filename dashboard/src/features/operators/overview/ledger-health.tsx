import { Code, List, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { countText, durationText } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';

/** Whether the read models keep up and the ledger is sealed. */
export function LedgerHealth({ overview }: { readonly overview: Schema<'OperatorOverview'> }) {
  const { t } = useTranslation('operators');
  const { read_models: behind, checkpoint, sealing_fault: fault } = overview;
  return (
    <section>
      <Title order={2} mb="xs">
        {t('overview.ledger')}
      </Title>
      <List spacing={4}>
        {behind.length === 0 && <List.Item>{t('overview.upToDate')}</List.Item>}
        {behind.map(({ name, state, lag_seconds: lag, reason }) => (
          <List.Item key={name}>
            <Link to="/operator/projections">
              <Code>{name}</Code> {t(`overview.views.${state}`, { lag: durationText(lag) })}
            </Link>
            {reason !== null && `: ${reason}`}
          </List.Item>
        ))}
        <List.Item>
          <Link to="/operator/integrity">
            {checkpoint === null
              ? t('overview.noCheckpoint')
              : t('overview.checkpoint', {
                  events: countText(checkpoint.size),
                  age: durationText(checkpoint.age_seconds),
                })}
          </Link>
          {fault !== null && ` ${t('overview.sealingFault', { fault })}`}
        </List.Item>
      </List>
    </section>
  );
}
