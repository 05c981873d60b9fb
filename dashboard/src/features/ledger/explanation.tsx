// Why a call cost what it cost: the usage, the rule, each multiplication, the credit that paid, and the place in the chain.
import { Alert, Code, Group, List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { ExplainedEvents } from './explained-events.tsx';
import { ExplainedLines, ExplainedSlices } from './explained-lines.tsx';

type Explained = Schema<'ChargeExplanation'>;

export function Explanation({ explanation }: { readonly explanation: Explained }) {
  const { t } = useTranslation('ledger');
  const { lines, slices, cost, usage, price, reratings, notes, events } = explanation;
  return (
    <Stack gap="lg" className="numbered">
      <Summary explanation={explanation} />
      {notes.length > 0 && (
        <Alert color="yellow" title={t('explain.notes')}>
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note}>{inWords(note)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {usage !== null && <Usage usage={usage} />}
      {price !== null && <Price price={price} />}
      {lines.length > 0 && (
        <Section title={t('explain.lines')}>
          <ExplainedLines lines={lines} sum={cost} />
        </Section>
      )}
      {slices.length > 0 && (
        <Section title={t('explain.slices')}>
          <ExplainedSlices slices={slices} />
        </Section>
      )}
      {reratings.map((rerating) => (
        <Rerating key={rerating.revision} rerating={rerating} />
      ))}
      <Section title={t('explain.place')}>
        <ExplainedEvents events={events} />
      </Section>
    </Stack>
  );
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Paper withBorder p="md" component="section">
    <Title order={2} size="h3" mb="sm">
      {title}
    </Title>
    {children}
  </Paper>
);

function Summary({
  explanation: { cost_now, cost, held, model, provider, status, charge_id, request_id },
}: {
  readonly explanation: Explained;
}) {
  const { t } = useTranslation('ledger');
  return (
    <Paper withBorder p="md">
      <Text fz="h2" fw={650}>
        {cost_now === null ? t(`explain.status.${status}`) : <Money amount={cost_now} whole />}
      </Text>
      <Group gap="lg" mt="xs">
        <Labelled label={t('explain.model')}>
          <Code>{model}</Code>
        </Labelled>
        {provider !== null && (
          <Labelled label={t('explain.provider')}>
            <Code>{provider}</Code>
          </Labelled>
        )}
        <Labelled label={t('explain.held')}>
          <Money amount={held} whole />
        </Labelled>
        {cost !== cost_now && (
          <Labelled label={t('explain.first')}>
            <Money amount={cost} whole />
          </Labelled>
        )}
        <Labelled label={t('explain.charge')}>
          <Code style={{ wordBreak: 'break-all' }}>{charge_id}</Code>
        </Labelled>
        <Labelled label={t('explain.request')}>
          <Code style={{ wordBreak: 'break-all' }}>{request_id}</Code>
        </Labelled>
      </Group>
    </Paper>
  );
}

const Labelled = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div>
    <Text size="xs" c="dimmed">
      {label}
    </Text>
    <Text size="sm" component="div">
      {children}
    </Text>
  </div>
);

function Usage({ usage }: { readonly usage: Schema<'ExplainedUsage'> }) {
  const { t } = useTranslation('ledger');
  const counts = Object.entries(usage.normalised).filter(([, count]) => count !== 0);
  return (
    <Section title={t('explain.usage')}>
      <Stack gap="sm">
        <CodeBlock label={t('explain.raw')} code={JSON.stringify(usage.raw, null, 2)} />
        <Text size="sm">{t('explain.normalised')}</Text>
        <Table.ScrollContainer minWidth={0} type="native">
          <Table aria-label={t('explain.normalised')} w="auto">
            <Table.Tbody>
              {counts.map(([kind, count]) => (
                <Table.Tr key={kind}>
                  <Table.Th scope="row">
                    <Code>{kind}</Code>
                  </Table.Th>
                  <Table.Td ta="right">{String(count)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Text size="sm">{t(usage.follows_from_raw ? 'explain.follows' : 'explain.followsNot')}</Text>
        {usage.reading.map((reading) => (
          <Text size="sm" key={reading}>
            {t(`explain.reading.${reading}`)}
          </Text>
        ))}
      </Stack>
    </Section>
  );
}

function Price({ price }: { readonly price: Schema<'ExplainedPrice'> }) {
  const { t } = useTranslation('ledger');
  const { version, effective_from, priced_at, prompt_from, prompt_to, window } = price;
  return (
    <Section title={t('explain.price')}>
      <Group gap="lg" mb="xs">
        <Labelled label={t('explain.version')}>{version}</Labelled>
        <Labelled label={t('explain.since')}>
          <Instant at={effective_from} style="second" />
        </Labelled>
        <Labelled label={t('explain.pricedAt')}>
          <Instant at={priced_at} style="second" />
        </Labelled>
        <Labelled label={t('explain.band')}>
          {prompt_to === null
            ? t('explain.bandFrom', { from: prompt_from })
            : t('explain.bandTo', { from: prompt_from, to: prompt_to })}
        </Labelled>
        {window !== null && <Labelled label={t('explain.window')}>{window}</Labelled>}
      </Group>
      <Text size="sm">{t('explain.why')}</Text>
    </Section>
  );
}

function Rerating({ rerating }: { readonly rerating: Schema<'ExplainedRerating'> }) {
  const { t } = useTranslation('ledger');
  const { at, lines, previous_cost, cost, due, absorbed, taken, given_back, price } = rerating;
  return (
    <Section title={t('explain.rerated')}>
      <Stack gap="sm">
        <Group gap="lg">
          <Labelled label={t('explain.at')}>
            <Instant at={at} style="second" />
          </Labelled>
          <Labelled label={t('explain.version')}>{price.version}</Labelled>
          <Labelled label={t('explain.before')}>
            <Money amount={previous_cost} whole />
          </Labelled>
          <Labelled label={t('explain.now')}>
            <Money amount={cost} whole />
          </Labelled>
          <Labelled label={t('explain.absorbed')}>
            <Money amount={absorbed} whole />
          </Labelled>
        </Group>
        <ExplainedLines lines={lines} sum={due} />
        {taken.length > 0 && <ExplainedSlices slices={taken} />}
        {given_back.length > 0 && (
          <>
            <Text size="sm">{t('explain.givenBack')}</Text>
            <ExplainedSlices slices={given_back} />
          </>
        )}
      </Stack>
    </Section>
  );
}
