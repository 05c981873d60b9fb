import { List, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { instantText } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';

/** The price list that calls are priced by now, and those to come. */
export function PricesNow({ overview }: { readonly overview: Schema<'OperatorOverview'> }) {
  const { t } = useTranslation('operators');
  const { prices_in_force: inForce, prices_scheduled: scheduled, models_without_price: unpriced } = overview;
  return (
    <section>
      <Title order={2} mb="xs">
        {t('overview.prices')}
      </Title>
      <List spacing={4}>
        <List.Item>
          {inForce === null ? (
            <Text>{t('overview.noPrices')}</Text>
          ) : (
            <Link to="/operator/prices/$version" params={{ version: String(inForce.version) }}>
              {t('overview.inForce', { version: inForce.version, from: instantText(inForce.effective_from) })}
            </Link>
          )}
        </List.Item>
        {scheduled.map(({ version, effective_from: from }) => (
          <List.Item key={version}>
            <Link to="/operator/prices/$version" params={{ version: String(version) }}>
              {t('overview.scheduled', { version, from: instantText(from) })}
            </Link>
          </List.Item>
        ))}
        {unpriced > 0 && <List.Item>{t('overview.unpriced', { count: unpriced })}</List.Item>}
      </List>
    </section>
  );
}
