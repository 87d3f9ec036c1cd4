// What Marathon refuses in an app's health and readiness checks.
import type { MarathonVersion } from '../release.ts';
import { type App, portsOf } from './app.ts';
import type { Report } from './validate.ts';

export function validateChecks(app: App, version: MarathonVersion, report: Report): void {
  const count = portsOf(app).length;
  const names = portsOf(app).map(({ name }) => name);
  app.healthChecks.forEach((check, n) => {
    if (check.protocol === 'COMMAND') {
      if (check.command === undefined)
        report(`/healthChecks(${n})`, 'Health check protocol COMMAND requires a command');
      return;
    }
    if (check.command !== undefined)
      report(`/healthChecks(${n})`, 'Health check may only contain a command for protocol COMMAND');
    if (check.port !== undefined || check.portIndex === undefined) return;
    const known = typeof check.portIndex === 'number' ? check.portIndex < count : names.includes(check.portIndex);
    if (!known)
      report(
        `/healthChecks(${n})`,
        'Health check port indices must address an element of the ports array or container port mappings.',
      );
  });
  const ofMesos = app.healthChecks.filter(({ protocol }) => protocol === 'COMMAND' || protocol.startsWith('MESOS_'));
  if (ofMesos.length > 1) {
    const text =
      version === '1.1.1'
        ? 'AppDefinition can contain at most one COMMAND health check'
        : 'AppDefinition can contain at most one Mesos health check';
    report('/healthChecks', text);
  }
  if (app.readinessChecks.length > 1)
    report('/readinessChecks', `has size ${app.readinessChecks.length}, expected 1 or less`);
  app.readinessChecks.forEach(({ portName: wanted, intervalSeconds, timeoutSeconds, httpStatusCodesForReady }, n) => {
    if (!names.includes(wanted))
      report(`/readinessChecks(${n})/portName`, `No port definition reference for portName ${wanted}`);
    if (timeoutSeconds >= intervalSeconds)
      report(`/readinessChecks(${n})/timeoutSeconds`, 'Timeout must be less than interval');
    if (httpStatusCodesForReady.length === 0)
      report(`/readinessChecks(${n})/httpStatusCodesForReady`, 'must not be empty');
  });
}
