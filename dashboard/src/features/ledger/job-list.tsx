import { Stack } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { BY_CURSOR, moreOf, rowsOf } from '../../api/pages.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { isOpen, type JobCardProps } from './job-card.tsx';

type Job = JobCardProps['job'];
interface JobPage<Shown extends Job> {
  readonly data: readonly Shown[];
  readonly next_cursor: string | null;
}

/** How often a list is read again while something in it is under way, in milliseconds. */
const FOLLOWED_EVERY_MS = 2_000;

/** How a list of long work is read: page by page, and again while something in it is under way. */
export const FOLLOWED = {
  ...BY_CURSOR,
  refetchInterval: ({ state }: { readonly state: { readonly data?: InfiniteData<JobPage<Job>> | undefined } }) =>
    rowsOf(state.data?.pages ?? []).some(isOpen) && FOLLOWED_EVERY_MS,
};

interface JobListProps<Shown extends Job> {
  readonly query: UseInfiniteQueryResult<InfiniteData<JobPage<Shown>>, unknown>;
  readonly empty: string;
  readonly children: (job: Shown) => ReactNode;
}

/** Long work, newest first, each with its progress while it runs. */
export function JobList<Shown extends Job>({ query, empty, children }: JobListProps<Shown>) {
  return (
    <QueryState query={query} lines={4} empty={empty} isEmpty={({ pages }) => rowsOf(pages).length === 0}>
      {({ pages }) => (
        <Stack gap="sm">
          {rowsOf(pages).map(children)}
          <MoreButton {...moreOf(query)} />
        </Stack>
      )}
    </QueryState>
  );
}
