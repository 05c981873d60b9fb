// Lists of /api that go on by a cursor.

/** How `useInfiniteQuery` asks for the next page. */
export const BY_CURSOR = {
  pageParamName: 'cursor',
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: { readonly next_cursor: string | null }) => last.next_cursor ?? undefined,
} as const;

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** What a table needs to show more. */
export const moreOf = ({ hasNextPage, isFetchingNextPage, fetchNextPage }: Paged) => ({
  has: hasNextPage,
  isLoading: isFetchingNextPage,
  show: () => void fetchNextPage(),
});
