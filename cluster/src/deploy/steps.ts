// The steps of a deployment or an undeployment: what each is, how it stands, and who is told of a change.

export interface Step {
  /** `/demo`, `/demo/web` or `demo--clean`. */
  readonly id: string;
  readonly kind: 'group' | 'app' | 'job';
  readonly status: 'waiting' | 'running' | 'done' | 'failed' | 'stopped';
  /** A few words on how it stands, for example `1 of 2 tasks running`; may be empty. */
  readonly detail: string;
}

export interface Steps {
  readonly all: () => readonly Step[];
  readonly set: (id: string, status: Step['status'], detail?: string) => void;
  /** What is under way cannot be seen for now. */
  readonly away: () => void;
  /** Steps that have begun and are neither done nor failed will not go on. */
  readonly stop: () => void;
}

export function openSteps(
  begin: readonly Pick<Step, 'id' | 'kind'>[],
  onProgress: ((step: Step) => void) | undefined,
): Steps {
  const steps = new Map<string, Step>(begin.map(({ id, kind }) => [id, { id, kind, status: 'waiting', detail: '' }]));
  const set: Steps['set'] = (id, status, detail = '') => {
    const old = steps.get(id);
    if (old === undefined || (old.status === status && old.detail === detail)) return;
    const step = { ...old, status, detail };
    steps.set(id, step);
    onProgress?.(step);
  };
  return {
    all: () => [...steps.values()],
    set,
    away: () => {
      for (const { id, status } of steps.values()) {
        if (status === 'running') set(id, status, 'the cluster does not answer for now; trying again');
      }
    },
    stop: () => {
      for (const { id, status, detail } of steps.values()) {
        if (status === 'running' || (status === 'waiting' && detail !== '')) set(id, 'stopped', detail);
      }
    },
  };
}
