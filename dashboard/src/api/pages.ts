// How lists of /api are read page by page; for `api.useInfiniteQuery`.

interface Page {
  readonly next_cursor: string | null;
}

export const BY_CURSOR = {
  pageParamName: 'cursor',
  initialPageParam: null,
  getNextPageParam: ({ next_cursor }: Page) => next_cursor,
};

export interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** What a table needs to show the next page. */
export const moreOf = ({ hasNextPage, isFetchingNextPage, fetchNextPage }: Pages) => ({
  has: hasNextPage,
  isLoading: isFetchingNextPage,
  show: () => void fetchNextPage(),
});

/** The rows of all pages that were read. */
export const rowsOf = <Row>(pages: readonly { readonly data: readonly Row[] }[]): Row[] =>
  pages.flatMap(({ data }) => data);
