// Shows a component as the dashboard would, over answers of /api that the test gives.
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, type RenderResult, screen } from '@testing-library/react';
import { type ReactNode, Suspense } from 'react';
import { queryClient } from '../src/api/client.ts';
import { cssVariables, theme } from '../src/app/theme.ts';

/** What /api answers, by method and path with query: a body, or a whole answer. */
export type Answers = Readonly<Record<string, unknown>>;

export interface Sent {
  readonly route: string;
  readonly body: unknown;
  readonly headers: Headers;
}

const SESSION = { logged_in: true, code_required: false, csrf_token: 'csrf' };

/** Stands for /api: answers what the test says and keeps what was sent. What it does not know is answered with 404. */
export class FakeApi {
  readonly sent: Sent[] = [];

  constructor(public answers: Answers) {
    queryClient.clear();
    window.fetch = (input) => this.#answer(input instanceof Request ? input : new Request(input));
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const route = `${request.method} ${pathname}${search}`;
    if (request.method !== 'GET') {
      const text = await request.clone().text();
      this.sent.push({ route, body: text === '' ? undefined : JSON.parse(text), headers: request.headers });
    }
    const answer = { 'GET /api/auth/session': SESSION, ...this.answers }[route];
    if (answer instanceof Response) return answer.clone();
    if (answer !== undefined) return Response.json(answer);
    return failure(404, 'not_found', `The test has no answer to ${route}.`);
  }
}

/** An error as /api answers it. */
export const failure = (status: number, code: string, message: string, param: string | null = null): Response =>
  Response.json({ error: { message, type: 'invalid_request_error', param, code } }, { status });

/** Renders within theme, queries and a router at `path`; resolves when nothing waits for texts any more. */
export async function show(content: ReactNode, path = '/'): Promise<RenderResult> {
  const rootRoute = createRootRoute({ component: () => <div data-testid="shown">{content}</div> });
  const router = createRouter({ routeTree: rootRoute, history: createMemoryHistory({ initialEntries: [path] }) });
  const result = render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
      <QueryClientProvider client={queryClient}>
        <Suspense>
          <RouterProvider router={router as never} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByTestId('shown');
  return result;
}
