// Reads the template of a request or of a deployment with the language, and refuses what the real one refuses at once.
import { randomUUID } from 'node:crypto';
import type { DeploymentRequest, Owner, Resource } from './deployment.ts';
import { refuse } from './errors.ts';
import type { Reading } from './language.ts';
import type { Orchestrator } from './orchestrator.ts';
import { refusalOf } from './refusals.ts';

interface Given {
  readonly id: string;
  readonly createdBy?: Owner | undefined;
  /** Those that are there already. */
  readonly resources?: readonly Resource[];
}

/** Resources are new ones, unless they are given. */
export async function readTemplate(
  { language, origin, clock, localVolumesHostBasePath }: Orchestrator,
  { template, parameters }: Pick<DeploymentRequest, 'template' | 'parameters'>,
  { id, createdBy, resources = [] }: Given,
): Promise<{ readonly reading: Reading; readonly resources: readonly Resource[] }> {
  const ids = new Map(resources.map(({ nodeName, id: known }) => [nodeName, known]));
  const idOf = (node: string) => {
    const known = ids.get(node) ?? randomUUID();
    ids.set(node, known);
    return known;
  };
  const reading = await language().read(template, {
    deployment: id,
    inputs: parameters,
    jobName: idOf,
    createdBy: createdBy === undefined ? 'anonymous' : `${createdBy.subject}@${createdBy.issuer}`,
    origin: origin(),
    localVolumesHostBasePath,
  });
  const createdAt = clock.now();
  return {
    reading,
    resources: reading.nodes.map(({ parsedName, type, types }) => ({
      id: idOf(parsedName),
      createdAt,
      state: 'INITIAL',
      nodeName: parsedName,
      nodeType: type,
      types,
    })),
  };
}

export function refuseWhatIsWrong(reading: Reading): void {
  const refusal = refusalOf(reading);
  if (refusal !== undefined) throw refuse(refusal.status, refusal.message);
}
