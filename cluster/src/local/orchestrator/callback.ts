// Tells the address that a client has left how its deployment stands. Fact: indigo-dc/orchestrator service/CallbackServiceImpl.java: once,
// whatever comes of it.
import { answerDeployment } from './answer.ts';
import type { Deployment } from './deployment.ts';

const patienceMs = 30_000;

export function notify(
  deployment: Deployment,
  endpoint: (of: Deployment) => string,
  log: (line: string) => void,
): void {
  const { callback, id } = deployment;
  if (callback === undefined) return;
  fetch(callback, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(answerDeployment(deployment, undefined, endpoint)),
    signal: AbortSignal.timeout(patienceMs),
  })
    .then(response => response.body?.cancel())
    .catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      log(
        `The callback of deployment ${id} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    });
}
