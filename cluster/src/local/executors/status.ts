// How the end of a command is told, in Mesos's words (apache/mesos src/common/status_utils.hpp).
import type { MesosVersion } from '../release.ts';

/** What follows "Command" or "Container". */
export const exitText = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exited with status ${code}` : `terminated with signal ${signalName(signal)}`;

/** Before MESOS-7975 (1.5.0) the executors took a task that ends well when it is killed for one that has finished by itself. */
export const killedWins = (code: number | null, mesos: MesosVersion): boolean => code !== 0 || mesos === '1.5.0';

export const tooLate = (timeoutMs: number): string => `no end within ${timeoutMs / 1000} s`;

/** Mesos names signals as strsignal(3) does. */
function signalName(signal: NodeJS.Signals): string {
  const names: Partial<Record<NodeJS.Signals, string>> = {
    SIGTERM: 'Terminated',
    SIGKILL: 'Killed',
    SIGSEGV: 'Segmentation fault',
    SIGINT: 'Interrupt',
    SIGABRT: 'Aborted',
    SIGHUP: 'Hangup',
    SIGQUIT: 'Quit',
    SIGPIPE: 'Broken pipe',
    SIGFPE: 'Floating point exception',
    SIGILL: 'Illegal instruction',
    SIGBUS: 'Bus error',
    SIGALRM: 'Alarm clock',
    SIGUSR1: 'User defined signal 1',
    SIGUSR2: 'User defined signal 2',
  };
  return names[signal] ?? signal;
}
