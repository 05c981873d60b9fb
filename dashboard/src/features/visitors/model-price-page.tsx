import { Alert, Code, Group, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { countText, listText } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { curlOf } from './first-call.ts';
import { makerName } from './names.ts';
import { PriceHistory } from './price-history.tsx';
import { RateTable } from './rate-table.tsx';

const route = getRouteApi('/public/pricing/$model');

export function ModelPricePage() {
  const { t } = useTranslation('visitors');
  const { model } = route.useParams();
  const prices = api.useQuery('get', '/api/prices/{model}', { params: { path: { model } } });
  return (
    <Page
      title={prices.data?.now?.name ?? model}
      description={
        <Group gap="sm">
          <Code>{prices.data?.model ?? model}</Code>
          <CopyButton text={prices.data?.model ?? model} label={t('model.copyId')} />
        </Group>
      }
    >
      <Link to="/pricing">{t('model.back')}</Link>
      <QueryState query={prices} lines={12}>
        {(history) => (
          <Stack gap="xl">
            {history.now === null ? <Text>{t('model.noPrice')}</Text> : <Now model={history.now} />}
            <PriceHistory steps={history.history} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function Now({ model }: { readonly model: Schema<'PricedModel'> }) {
  const { t } = useTranslation('visitors');
  return (
    <>
      {!model.available && <Alert color="yellow">{t('model.notHere')}</Alert>}
      {model.shutdown_date !== null && (
        <Alert color="yellow">
          {t(model.lifecycle === 'retired' ? 'model.retired' : 'model.retiring', { day: model.shutdown_date })}{' '}
          {model.successor !== null && (
            <Link to="/pricing/$model" params={{ model: model.successor }} c="inherit" underline="always">
              {t('model.successor', { model: model.successor })}
            </Link>
          )}
        </Alert>
      )}
      <section aria-labelledby="rates">
        <Title order={2} id="rates" mb="xs">
          {t('model.rates')}
        </Title>
        <RateTable bands={model.bands} />
        <Text size="sm" c="dimmed" mt="xs">
          {t('model.fallback')}
        </Text>
      </section>
      <ModelFacts model={model} />
      <section aria-labelledby="call">
        <Title order={2} id="call" mb="xs">
          {t('model.call')}
        </Title>
        <CodeBlock code={curlOf(model.kind, model.model)} label="curl" />
      </section>
    </>
  );
}

function ModelFacts({ model }: { readonly model: Schema<'PricedModel'> }) {
  const { t } = useTranslation('visitors');
  const listed = (modalities: Schema<'PricedModel'>['input_modalities']) =>
    listText(modalities.map((each) => t(`modality.${each}`)));
  return (
    <section aria-labelledby="facts">
      <Title order={2} id="facts" mb="xs">
        {t('model.facts')}
      </Title>
      <Facts
        facts={[
          [t('pricing.provider'), makerName(model.provider)],
          [t('pricing.kind'), t(`kind.${model.kind}`)],
          [
            t('pricing.context'),
            t('model.tokens', { count: model.context_window, tokens: countText(model.context_window) }),
          ],
          [
            t('model.longest'),
            model.max_output_tokens === null
              ? '–'
              : t('model.tokens', { count: model.max_output_tokens, tokens: countText(model.max_output_tokens) }),
          ],
          [t('pricing.takes'), listed(model.input_modalities)],
          [t('model.makes'), listed(model.output_modalities)],
          [t('model.released'), model.released ?? '–'],
          [
            t('model.aliases'),
            model.aliases.length === 0 ? (
              '–'
            ) : (
              <Group gap={4} justify="flex-end">
                {model.aliases.map((name) => (
                  <Code key={name}>{name}</Code>
                ))}
              </Group>
            ),
          ],
        ]}
      />
    </section>
  );
}
