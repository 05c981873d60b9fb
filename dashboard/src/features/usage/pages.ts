/** What a table needs to show the next page of a list. */
export const pagesOf = (list: {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}) => ({ has: list.hasNextPage, isLoading: list.isFetchingNextPage, show: () => void list.fetchNextPage() });
