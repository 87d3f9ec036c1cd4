// Where tasks are reached: all run on this machine, and some agents have a loopback address of their own.
import type { Agent } from '../mesos/agents.ts';

export const addressOf = ({ hostname }: Agent): string => (/^[\d.]+$/.test(hostname) ? hostname : '127.0.0.1');
