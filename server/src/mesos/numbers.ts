// Amounts that Marathon and Chronos refuse, or take for something else.
// Sources: marathon 1.5 RAML (cpus), mesos/chronos JobDeserializer (0 is the default), Docker (4 MB at least), ChronosServiceImpl (retries).
import type { Release } from '../../../protocol/src/plan.ts';
import { type Framework, type Problem, productName, products } from './releases.ts';

const warning = (message: string): Problem => ({ severity: 'warning', message });

export function cpusProblem(framework: Framework, release: Release, cpus: number): Problem | undefined {
  const product = productName(framework, release);
  if (framework === 'Chronos') return cpus === 0 ? warning(`${product} takes 0 CPUs for its default, 0.1.`) : undefined;
  return products[release].marathon === '1.5.6' && cpus >= 0 && cpus < 0.001
    ? { severity: 'error', message: `${product} refuses less than 0.001 CPUs.` }
    : undefined;
}

export function memoryProblem(framework: Framework, release: Release, megabytes: number): Problem | undefined {
  if (framework === 'Chronos' && megabytes === 0)
    return warning(`${productName(framework, release)} takes no memory for its default, 128 MB.`);
  return megabytes > 0 && megabytes < 4
    ? warning('Docker starts no container with less than 4 MB of memory: was another unit meant?')
    : undefined;
}

export function retriesProblem(retries: number): Problem | undefined {
  if (retries < 0) return warning('A number below 0 means no retries: write 0.');
  return retries > 2_147_483_647 ? warning('The Orchestrator makes 2147483647 of this.') : undefined;
}
