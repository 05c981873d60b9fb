import { Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { FailureNotice } from './failure-notice.tsx';

interface Query<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

export interface QueryStateProps<Data> {
  readonly query: Query<Data>;
  /** How many lines of skeleton are about as high as what comes. */
  readonly lines?: number;
  /** What to show instead of nothing; see `isEmpty`. */
  readonly empty?: ReactNode;
  readonly isEmpty?: (data: Data) => boolean;
  readonly children: (data: Data) => ReactNode;
}

/** What a query is at: loading, failed with a way to try again, empty, or there. What was there stays while a new try fails. */
export function QueryState<Data>({ query, lines = 4, empty, isEmpty, children }: QueryStateProps<Data>) {
  const { data, error, isPending } = query;
  const notice = error ? <FailureNotice error={error} retry={() => void query.refetch()} /> : null;
  if (data === undefined) return isPending ? <Loading lines={lines} /> : notice;
  return (
    <Stack gap="md">
      {notice}
      {isEmpty?.(data) === true ? <Empty>{empty}</Empty> : children(data)}
    </Stack>
  );
}

const Loading = ({ lines }: { readonly lines: number }) => (
  <Stack gap="sm" aria-busy="true" role="status" aria-label="…">
    {Array.from({ length: lines }, (_, line) => (
      <Skeleton key={line} height={22} radius="sm" />
    ))}
  </Stack>
);

/** The place where something will be, with what to do for it. */
export const Empty = ({ children }: { readonly children: ReactNode }) => (
  <Stack align="center" gap="sm" py="xl" px="md">
    <Text c="dimmed" ta="center" component="div">
      {children}
    </Text>
  </Stack>
);
