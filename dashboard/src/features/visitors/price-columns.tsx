import { Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText, listText } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Status } from '../../ui/status.tsx';
import { makerName } from './names.ts';

type Model = Schema<'PricedModel'>;
type RateKind = Schema<'RateShown'>['kind'];

/** The rates of short prompts outside of every window. */
const usualRates = ({ bands }: Model): readonly Schema<'RateShown'>[] => bands[0]?.rates ?? [];

export function usePriceColumns(): Column<Model>[] {
  const { t } = useTranslation('visitors');
  const rate = (kind: RateKind): Pick<Column<Model>, 'key' | 'cell' | 'isNumeric'> => ({
    key: kind,
    isNumeric: true,
    cell: (model) => <Money whole amount={usualRates(model).find((each) => each.kind === kind)?.usd} />,
  });
  return [
    { key: 'model', header: t('pricing.model'), cell: (model) => <ModelCell model={model} /> },
    { key: 'provider', header: t('pricing.provider'), cell: ({ provider }) => makerName(provider) },
    { ...rate('input'), header: t('pricing.input') },
    { ...rate('cached_input'), header: t('pricing.cachedInput') },
    { ...rate('output'), header: t('pricing.output') },
    { key: 'piece', header: t('pricing.piece'), isNumeric: true, cell: (model) => <Piece model={model} /> },
    {
      key: 'context',
      header: t('pricing.context'),
      isNumeric: true,
      cell: ({ context_window }) => countText(context_window),
    },
    {
      key: 'kind',
      header: t('pricing.kind'),
      isExtra: true,
      cell: ({ kind }) => t(`kind.${kind}`),
    },
    {
      key: 'takes',
      header: t('pricing.takes'),
      isExtra: true,
      cell: ({ input_modalities }) => listText(input_modalities.map((each) => t(`modality.${each}`))),
    },
  ];
}

function ModelCell({ model }: { readonly model: Model }) {
  const { t } = useTranslation('visitors');
  const [band, ...more] = model.bands;
  const varies = [
    more.length > 0 ? t('pricing.longPrompts') : undefined,
    band !== undefined && band.windows.length > 0 ? t('pricing.byHour') : undefined,
  ].filter((each) => each !== undefined);
  return (
    <Stack gap={2} align="flex-start">
      <Link to="/pricing/$model" params={{ model: model.model }}>
        {model.name}
      </Link>
      <Code>{model.model}</Code>
      {varies.length > 0 && (
        <Text size="xs" c="dimmed">
          {varies.join(' · ')}
        </Text>
      )}
      {!model.available && <Status tone="neutral">{t('pricing.notHere')}</Status>}
      {model.lifecycle === 'retiring' && <Status tone="waiting">{t('pricing.retiring')}</Status>}
    </Stack>
  );
}

function Piece({ model }: { readonly model: Model }) {
  const { t } = useTranslation('visitors');
  const pieces = usualRates(model).filter(({ per }) => per !== 'million_tokens');
  if (pieces.length === 0) return '–';
  return pieces.map(({ kind, usd, per }) => (
    <Text key={kind} span inherit display="block" style={{ whiteSpace: 'nowrap' }}>
      <Money whole amount={usd} /> {t(`per.${per}`)}
    </Text>
  ));
}
