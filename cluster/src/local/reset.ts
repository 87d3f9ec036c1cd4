// POST /local/reset, which no Mesos has: the cluster forgets everything and begins anew. What that takes is in start.ts.
import type { Service } from './http.ts';

export const withReset = (service: Service, reset: () => Promise<void>): Service => ({
  ...service,
  routes: [
    {
      method: 'POST',
      pattern: /^\/local\/reset$/,
      async handle() {
        try {
          await reset();
          return { status: 204 };
        } catch (error) {
          return { status: 500, text: `${error instanceof Error ? error.message : String(error)}\n` };
        }
      },
    },
    ...service.routes,
  ],
});
