import { Group, Radio, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { shortMoney } from '../../ui/money.tsx';

const OWN = 'own';

export interface PresetsProps {
  readonly amounts: readonly string[];
  /** Null: another amount. */
  readonly chosen: string | null;
  readonly choose: (amount: string | null) => void;
}

/** How much to buy: one of the amounts on offer, or another. */
export function Presets({ amounts, chosen, choose }: PresetsProps) {
  const { t } = useTranslation('payments');
  return (
    <Radio.Group
      label={t('buy.amount')}
      value={chosen ?? OWN}
      onChange={(value) => choose(value === OWN ? null : value)}
    >
      <SimpleGrid cols={{ base: 2, xs: 3, sm: amounts.length + 1 }} spacing="sm" mt={4}>
        {[...amounts, OWN].map((amount) => (
          <Radio.Card
            key={amount}
            value={amount}
            p="sm"
            style={amount === (chosen ?? OWN) ? { borderColor: 'var(--mantine-primary-color-filled)' } : undefined}
          >
            <Group gap="xs" wrap="nowrap">
              <Radio.Indicator size="xs" />
              <Text fw={600}>{amount === OWN ? t('buy.other') : shortMoney(amount).replace(/\.00$/, '')}</Text>
            </Group>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
