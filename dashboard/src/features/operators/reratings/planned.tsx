import { Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { countText } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';
import { Money } from '../../../ui/money.tsx';
import { Figures } from '../figures.tsx';

/** What a dry run found: what would change in all, what can't be, and which runs stand in the way. */
export function Planned({ planned }: Pick<Schema<'ReratingRun'>, 'planned'>) {
  const { t } = useTranslation('operators');
  return (
    <Stack gap="lg">
      <Figures
        of={[
          { label: t('runs.accounts'), value: countText(planned.accounts) },
          { label: t('runs.charges'), value: countText(planned.charges) },
          { label: t('runs.charged'), value: <Money amount={planned.charged} /> },
          { label: t('runs.due'), value: <Money amount={planned.due} /> },
          { label: t('runs.difference'), value: <Money amount={planned.difference} /> },
          ...(planned.provider_difference === null
            ? []
            : [{ label: t('runs.providerDifference'), value: <Money amount={planned.provider_difference} /> }]),
          { label: t('runs.belowZero'), value: countText(planned.below_zero) },
        ]}
      />
      {planned.refused > 0 && <Text>{t('runs.refused', { count: planned.refused })}</Text>}
      {planned.later_runs.map((id) => (
        <Text key={id}>
          {t('runs.laterRun')}{' '}
          <Link underline="always" to="/operator/reratings/$id" params={{ id }}>
            <Code>{id}</Code>
          </Link>
        </Text>
      ))}
    </Stack>
  );
}
