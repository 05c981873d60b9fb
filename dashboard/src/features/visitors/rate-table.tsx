import { Box, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { countText, listText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';

type Band = Schema<'PriceBand'>;

/** Every rate of a model: by the size of the prompt and, where it depends on it, the time of the week. */
export function RateTable({ bands }: { readonly bands: readonly Band[] }) {
  const { t } = useTranslation('visitors');
  const prompts = usePrompts();
  const rows = bands.flatMap((band) => [
    ...band.rates.map((rate) => ({ rate, prompt: prompts(band), when: t('rates.otherwise') })),
    ...band.windows.flatMap((window) =>
      window.rates.map((rate) => ({
        rate,
        prompt: prompts(band),
        when: `${window.days.length === 7 ? t('rates.daily') : listText(window.days.map((day) => t(`day.${day}`)))} ${window.from}–${window.to} UTC`,
      })),
    ),
  ]);
  const hasWindows = bands.some(({ windows }) => windows.length > 0);
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('model.rates')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('rates.what')}</Table.Th>
            {bands.length > 1 && <Table.Th scope="col">{t('rates.prompt')}</Table.Th>}
            {hasWindows && <Table.Th scope="col">{t('rates.when')}</Table.Th>}
            <Table.Th scope="col" ta="right">
              {t('rates.price')}
            </Table.Th>
            <Table.Th scope="col">{t('rates.unit')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ rate, prompt, when }) => (
            <Table.Tr key={[rate.kind, prompt, when].join()}>
              <Table.Td>{t(`rate.${rate.kind}`)}</Table.Td>
              {bands.length > 1 && <Table.Td>{prompt}</Table.Td>}
              {hasWindows && <Table.Td>{when}</Table.Td>}
              <Table.Td ta="right">
                <Money whole amount={rate.usd} />
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{t(`per.${rate.per}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function usePrompts(): (band: Band) => string {
  const { t } = useTranslation('visitors');
  return ({ min_prompt_tokens: from, max_prompt_tokens: to }) =>
    to === null
      ? t(from === 0 ? 'rates.everyPrompt' : 'rates.promptFrom', { tokens: countText(from) })
      : t('rates.promptTo', { tokens: countText(to) });
}
