// A pod as each release answers it: 1.4 writes empty lists and objects, 1.5 leaves them out.
// Facts: marathon v1.4.1 and v1.5.6 raml/PodConversion.scala, docs/docs/rest-api/public/api/v2/types/pod.raml.
import type { MarathonVersion } from '../release.ts';
import type { Pod, PodContainer } from './pod.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A pod never changes, so neither does its answer: it is made once. */
const made = new WeakMap<Pod, Fields>();

export function answerPod(pod: Pod, version: MarathonVersion): Fields {
  const known = made.get(pod);
  if (known !== undefined) return known;
  const lists = version === '1.5.6' ? filled : (members: Fields) => members;
  const answer = {
    id: pod.id,
    version: pod.version,
    ...lists({ labels: pod.labels, environment: pod.environment }),
    ...(pod.user === undefined ? {} : { user: pod.user }),
    containers: pod.containers.map(container => answerContainer(container, lists)),
    ...lists({ secrets: pod.secrets, volumes: pod.volumes }),
    networks: pod.networks.map(({ mode, name, labels }) => ({
      ...(name === undefined ? {} : { name }),
      mode,
      ...lists({ labels }),
    })),
    scaling: { kind: 'fixed', instances: pod.instances },
    scheduling: {
      backoff: {
        backoff: pod.backoffSeconds,
        backoffFactor: pod.backoffFactor,
        maxLaunchDelay: pod.maxLaunchDelaySeconds,
      },
      upgrade: pod.upgradeStrategy,
      placement: lists({
        constraints: pod.constraints.map(([fieldName, operator, value]) => ({
          fieldName,
          operator,
          ...(value === undefined ? {} : { value }),
        })),
        acceptedResourceRoles: pod.acceptedResourceRoles ?? [],
      }),
      killSelection: pod.killSelection,
      unreachableStrategy: pod.unreachableStrategy,
    },
    executorResources: pod.executorResources,
  };
  made.set(pod, answer);
  return answer;
}

function answerContainer(container: PodContainer, lists: (members: Fields) => Fields): Fields {
  const { name, exec, resources, endpoints, image, user, healthCheck, lifecycle, ...others } = container;
  return {
    name,
    ...(exec === undefined ? {} : { exec }),
    resources,
    ...lists({ endpoints: endpoints.map(({ labels, ...endpoint }) => ({ ...endpoint, ...lists({ labels }) })) }),
    ...(image === undefined ? {} : { image }),
    ...(user === undefined ? {} : { user }),
    ...(healthCheck === undefined ? {} : { healthCheck }),
    ...lists(others),
    ...(lifecycle === undefined ? {} : { lifecycle }),
  };
}

/** Without empty lists and objects. */
const filled = (members: Fields): Fields =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => Object.keys(value as Record<string, unknown>).length > 0),
  );
