// What runs in a release of the INDIGO cluster, and what differs between the products' versions as far as a template can tell.
// Sources: indigo-dc/ansible-role-marathon and -chronos (the versions), mesosphere/marathon changelog, mesos/chronos at 2.4.0 and v3.0.2.
import type { Release } from '../../../protocol/src/plan.ts';

export type Framework = 'Marathon' | 'Chronos';

export interface Products {
  readonly mesos: string;
  readonly marathon: '1.1.1' | '1.4.1' | '1.5.6';
  readonly chronos: '2.4.0' | '3.0.2';
  /** Whether Chronos is INDIGO's build, which hands GPUs on. */
  readonly chronosGpus: boolean;
}

export const products: Readonly<Record<Release, Products>> = {
  indigo_1: { mesos: '0.28.0', marathon: '1.1.1', chronos: '2.4.0', chronosGpus: false },
  indigo_2: { mesos: '1.1.0', marathon: '1.4.1', chronos: '3.0.2', chronosGpus: false },
  deep_1: { mesos: '1.5.0', marathon: '1.5.6', chronos: '3.0.2', chronosGpus: true },
};

/** As a sentence calls it: "Marathon 1.5.6 (deep_1)". */
export function productName(framework: Framework, release: Release): string {
  const { marathon, chronos } = products[release];
  return `${framework} ${framework === 'Marathon' ? marathon : chronos} (${release})`;
}

export const takesGpus = (framework: Framework, release: Release): boolean =>
  framework === 'Marathon' ? products[release].marathon !== '1.1.1' : products[release].chronosGpus;

/** A fact about a value, as rules and plans report it. */
export interface Problem {
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** What to write instead, where a machine can tell. */
  readonly better?: string;
}
