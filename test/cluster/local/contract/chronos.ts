// What the Chronos of each release answers, endpoint by endpoint.
import type { Contract } from './contract.ts';

export const contracts: readonly Contract[] = [];
